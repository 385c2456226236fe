"""Settings of an installation: where releases lie, and the limits of the server.

Each is an environment variable `VERTRAGSGRAPH_…` (`docs/settings.md` lists them all). What belongs to a register
stands in its register.toml instead.
"""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    StringConstraints,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from vertragsgraph.texts import marked

MIB = 1024 * 1024
PREFIX: Final = "VERTRAGSGRAPH_"
NETWORKS: Final = marked("it is a list of networks such as 10.0.0.0/8")


def _network(name: str) -> str:
    try:
        ip_network(name, strict=False)
    except ValueError:
        raise ValueError(NETWORKS) from None
    return name


Network = Annotated[str, AfterValidator(_network)]
Endpoint = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>]+$")]


class Settings(BaseSettings):
    """The settings, from the environment; every field has a default that suits a small public server."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", use_attribute_docstrings=True)

    register_folder: Path | None = None
    """Folder with register.toml. Default: the current folder or one above it, else the shipped one."""
    releases: Path | None = None
    """Folder of the releases. Default: `releases` beside register.toml, else the user's data folder."""
    host: str = "127.0.0.1"
    """Address the server listens on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """Port the server listens on; 0 takes any free one."""
    processes: NonNegativeInt = 1
    """Web processes; 0 means as many as there are cores. Limits hold for all of them together."""

    query_seconds: PositiveFloat = 30.0
    """Time that a query has by the clock, waiting included; a client may ask for less."""
    query_bytes: PositiveInt = MIB
    """Greatest length of a query or a request body."""
    worker_bytes: PositiveInt = 1024 * MIB
    """Memory of a worker (address space)."""
    workers: NonNegativeInt = 0
    """Worker processes; 0 means twice the cores, at least four."""
    queue: NonNegativeInt = 64
    """Queries that may wait for a worker; more are answered 503."""
    nice_after_seconds: PositiveFloat = 0.25
    """A worker that has used more processor time for a query has only the time that others leave."""
    past_releases: PositiveInt = 4
    """Past releases that are held open for queries at a time (in each web process one at least), by one worker each, or two."""
    past_release_seconds: PositiveFloat = 300.0
    """A past release that nobody has asked for that long is closed."""
    in_memory_quads: NonNegativeInt = 100_000
    """Releases up to this many quads are held in each worker's memory, larger ones on disk; up to 20,000 in any case."""
    result_memory_bytes: PositiveInt = MIB
    """Part of a result that is kept in memory for a slow reader; the rest is spooled to a file."""
    spool_bytes: PositiveInt = 2048 * MIB
    """Disk space for the spooled results of all queries together."""
    service_allowed: tuple[Endpoint, ...] = ()
    """IRIs of the endpoints that SERVICE may ask beside those that the register names (JSON list)."""
    federated_queries: NonNegativeInt = 4
    """Queries that may ask other endpoints by SERVICE at a time; 0 refuses SERVICE, whatever the register says."""
    service_bytes: PositiveInt = 8 * MIB
    """Answers of other endpoints that a query may fetch by SERVICE, all together."""
    service_networks: tuple[Network, ...] = ()
    """Private networks (JSON list), such as 172.16.0.0/12, that the names of endpoints allowed may lead to; none by default."""
    client_queries: NonNegativeInt = 4
    """Queries, or pages that ask the engine, that one client may have running at a time; 0: any."""
    client_seconds: NonNegativeFloat = 60.0
    """Time for which workers may compute for one client within a minute, its pages included; 0: any."""
    client_wait_seconds: NonNegativeFloat = 10.0
    """Time that a query or a page of a client over its limits waits before it is refused (429)."""
    trusted_proxies: tuple[Network, ...] = ()
    """Networks (JSON list) whose X-Forwarded-For or Forwarded is believed, such as 10.0.0.0/8; none by default."""
    cache_bytes: NonNegativeInt = 64 * MIB
    """Memory for the results of repeated queries; 0: none are kept."""
    connections: PositiveInt = 4096
    """Connections at a time, at most half the files the process may open; beyond, those that wait longest are closed."""
    client_connections: NonNegativeInt = 512
    """The same for the connections of one client, trusted proxies excepted; 0: any number."""
    header_bytes: PositiveInt = 32 * 1024
    """Greatest length of the header fields of a request together; more is answered 431."""
    head_seconds: PositiveFloat = 20.0
    """A request whose head is not complete after that time is answered 408."""
    body_seconds: PositiveFloat = 60.0
    """A request whose body is not complete after that time is answered 408."""
    idle_seconds: PositiveFloat = 75.0
    """A connection without a request is closed then; more than load balancers keep them."""
    stalled_seconds: PositiveFloat = 60.0
    """A client that takes nothing for longer is disconnected."""

    wikidata_reconciliation: str = "https://wikidata.reconci.link/de/api"
    """Reconciliation service that `link wikidata` asks."""
    wikidata_sparql: str = "https://query.wikidata.org/sparql"
    """SPARQL endpoint that `link wikidata` asks."""
    link_pause_seconds: NonNegativeFloat = 1.0
    """Least time between two questions of `link wikidata` to the same service, and between two pages of `source check`."""
    link_cache: Path | None = None
    """Folder for the answers that `link wikidata` keeps for a week. Default: the user's cache folder."""
