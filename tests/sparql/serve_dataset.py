"""Serve a dataset in a process of its own: STORE QUADS IDENTITY; writes its port to standard output."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn
import uvloop

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.endpoint import SparqlEndpoint
from vertragsgraph.sparql.api.fast_path import FastPath
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.web.server.server import configuration


async def main() -> None:
    store, quads, identity = sys.argv[1:4]
    dataset = Dataset(identity, Path(store), Path(quads), "http://example.org/", {"http://example.org/graph/g": 1500})
    settings = Settings(client_queries=0, client_seconds=0, workers=2, query_seconds=200)
    engine = Pool(dataset, settings)
    await engine.start()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    service = Service(engine, settings)
    config = configuration(SparqlEndpoint(service), FastPath(service), settings)
    config.lifespan = "off"
    await uvicorn.Server(config).serve(sockets=[listener])


uvloop.run(main())
