"""The web: pages, documents and files of one release, over HTTP."""
