"""Linked data: what a release says about one resource, and the documents that say it."""
