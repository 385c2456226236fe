"""Query engines: a pool of worker processes, and whom it asks for the other endpoints of a query."""
