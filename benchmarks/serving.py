"""A web process of the endpoint for the benchmarks: LISTENER (file descriptor) FOLDER (of a written dataset)."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import uvicorn
import uvloop

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.access_log import AccessLog
from vertragsgraph.sparql.api.endpoint import SparqlEndpoint
from vertragsgraph.sparql.api.fast_path import FastPath
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.web.server.server import configuration, settle

from synthetic import dataset_in  # isort: skip (beside this file)


async def main() -> None:
    listener = socket.socket(fileno=int(sys.argv[1]))
    settings = Settings()
    engine = Pool(dataset_in(Path(sys.argv[2])), settings)
    settle()
    await engine.start()
    log = AccessLog(os.open(os.devnull, os.O_WRONLY))
    service = Service(engine, settings, log=log)
    config = configuration(SparqlEndpoint(service), FastPath(service), settings)
    config.lifespan = "off"
    await uvicorn.Server(config).serve(sockets=[listener])
    await engine.close()


if __name__ == "__main__":
    uvloop.run(main())
