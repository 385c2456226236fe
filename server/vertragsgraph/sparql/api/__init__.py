"""The endpoint: SPARQL Protocol, Graph Store Protocol and Service Description over HTTP, with limits, cache and log."""
