"""The syntaxes of RDF as text: N-Triples by lines, Turtle, TriG and RDF/XML as they are written, tokens of Turtle with places."""
