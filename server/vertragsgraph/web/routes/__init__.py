"""The addresses of pages for people."""
