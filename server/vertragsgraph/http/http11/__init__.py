"""HTTP/1.1 on the wire (RFC 9112): messages, connections, and how many of them there may be."""
