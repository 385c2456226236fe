"""vertragsgraph: registers of contracts as validated, versioned, citable linked data.

The way of the data is the way of the packages: `sources` → `graph` → `gate` → `release` → `sparql` → `linked_data` → `web`;
each knows those before it and none after it, and `cli` drives them all.
"""

__version__ = "0.1.0"
