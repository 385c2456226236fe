"""SPARQL: the protocol, the query engines and the endpoint.

Free of imports on purpose: worker processes import `vertragsgraph.sparql.worker.worker` and nothing of the rest.
"""
