"""The addresses of what machines fetch: resources, documents, distributions, catalogue, releases."""
