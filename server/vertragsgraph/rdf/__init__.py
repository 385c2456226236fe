"""RDF: namespaces, prefixed names, terms, sorted files of triples, stores; its syntaxes. Nothing here knows registers."""
