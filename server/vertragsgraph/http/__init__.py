"""HTTP (RFC 9110): negotiation, validators, ranges, problem documents; `http11` is its wire format. Nothing here knows RDF."""
