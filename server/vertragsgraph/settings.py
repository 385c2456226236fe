"""Settings of an installation: where releases lie, and the limits of the server.

Each is an environment variable `VERTRAGSGRAPH_…` (`docs/settings.md` lists them all). What belongs to a register
stands in its register.toml instead.
"""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints
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

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    register_folder: Path | None = Field(
        None,
        description="Folder with register.toml. Default: the current folder or one above it, else the shipped one.",
    )
    releases: Path | None = Field(
        None,
        description="Folder of the releases. Default: `releases` beside register.toml, else the user's data folder.",
    )
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on; 0 takes any free one.")
    processes: int = Field(
        1,
        ge=0,
        description="Web processes; 0 means as many as there are cores. Limits hold for all of them together.",
    )

    query_seconds: float = Field(
        30.0, gt=0, description="Time that a query has by the clock, waiting included; a client may ask for less."
    )
    query_bytes: int = Field(MIB, gt=0, description="Greatest length of a query or a request body.")
    worker_bytes: int = Field(1024 * MIB, gt=0, description="Memory of a worker (address space).")
    workers: int = Field(0, ge=0, description="Worker processes; 0 means twice the cores, at least four.")
    queue: int = Field(64, ge=0, description="Queries that may wait for a worker; more are answered 503.")
    nice_after_seconds: float = Field(
        0.25,
        gt=0,
        description="A worker that has used more processor time for a query has only the time that others leave.",
    )
    in_memory_quads: int = Field(
        100_000,
        ge=0,
        description="Releases up to this many quads are held in each worker's memory, larger ones on disk.",
    )
    result_memory_bytes: int = Field(
        MIB,
        gt=0,
        description="Part of a result that is kept in memory for a slow reader; the rest is spooled to a file.",
    )
    spool_bytes: int = Field(
        2048 * MIB, gt=0, description="Disk space for the spooled results of all queries together."
    )
    service_allowed: tuple[Endpoint, ...] = Field(
        (),
        description="IRIs of the endpoints that SERVICE may ask beside those that the register names (JSON list).",
    )
    federated_queries: int = Field(
        4,
        ge=0,
        description="Queries that may ask other endpoints by SERVICE at a time; 0 refuses SERVICE, whatever the register says.",
    )
    service_bytes: int = Field(
        8 * MIB, gt=0, description="Answers of other endpoints that a query may fetch by SERVICE, all together."
    )
    service_networks: tuple[Network, ...] = Field(
        (),
        description="Private networks (JSON list), such as 172.16.0.0/12, that the names of endpoints allowed may lead to; "
        "none by default.",
    )
    client_queries: int = Field(
        4,
        ge=0,
        description="Queries, or pages that ask the engine, that one client may have running at a time; 0: any.",
    )
    client_seconds: float = Field(
        60.0,
        ge=0,
        description="Time for which workers may compute for one client within a minute, its pages included; 0: any.",
    )
    client_wait_seconds: float = Field(
        10.0,
        ge=0,
        description="Time that a query or a page of a client over its limits waits before it is refused (429).",
    )
    trusted_proxies: tuple[Network, ...] = Field(
        (),
        description="Networks (JSON list) whose X-Forwarded-For or Forwarded is believed, such as 10.0.0.0/8; none by default.",
    )
    cache_bytes: int = Field(
        64 * MIB, ge=0, description="Memory for the results of repeated queries; 0: none are kept."
    )
    connections: int = Field(
        4096,
        gt=0,
        description="Connections at a time, never more than half the files the process may have open. "
        "For more, those are closed that have waited longest for their client.",
    )
    client_connections: int = Field(
        512, ge=0, description="The same for the connections of one client, trusted proxies excepted; 0: any number."
    )
    header_bytes: int = Field(
        32 * 1024, gt=0, description="Greatest length of the header fields of a request together; more is answered 431."
    )
    head_seconds: float = Field(
        20.0, gt=0, description="A request whose head is not complete after that time is answered 408."
    )
    body_seconds: float = Field(
        60.0, gt=0, description="A request whose body is not complete after that time is answered 408."
    )
    idle_seconds: float = Field(
        75.0, gt=0, description="A connection without a request is closed then; more than load balancers keep them."
    )
    stalled_seconds: float = Field(60.0, gt=0, description="A client that takes nothing for longer is disconnected.")

    wikidata_reconciliation: str = Field(
        "https://wikidata.reconci.link/de/api", description="Reconciliation service that `link wikidata` asks."
    )
    wikidata_sparql: str = Field(
        "https://query.wikidata.org/sparql", description="SPARQL endpoint that `link wikidata` asks."
    )
    link_pause_seconds: float = Field(
        1.0, ge=0, description="Least time between two questions of `link wikidata` to the same service."
    )
    link_cache: Path | None = Field(
        None,
        description="Folder for the answers that `link wikidata` keeps for a week. Default: the user's cache folder.",
    )
