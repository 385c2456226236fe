"""How programs find what there is: links by HTTP, the site map, what is to be read first."""
