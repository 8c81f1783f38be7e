"""Builds the cloud's side: its store and its ingest workers."""

import os
import socket
from pathlib import Path

from comptoir.bus import Address, CloudTls, Endpoint
from comptoir.cloud import EmbeddedStore, Ingest, MqttRoad, Share, Store
from comptoir.settings import Settings


def open_store(settings: Settings) -> Store:
    """Return the cloud's store: PostgreSQL where a DSN is set, else the embedded one."""
    if settings.cloud_store:
        from comptoir.cloud.postgres import PostgresStore  # noqa: PLC0415 - terminals ship no psycopg

        return PostgresStore(settings.cloud_store)
    return EmbeddedStore(settings.data_dir / "cloud")


def open_ingest(store: Store, settings: Settings) -> Ingest:
    """Return an ingest worker of the cloud."""
    tls = None
    if settings.cloud_tls_dir:
        folder = Path(settings.cloud_tls_dir)
        tls = CloudTls(folder / "ca.crt", folder / "client.crt", folder / "client.key")
    address = Address(settings.cloud_host, settings.cloud_port)
    client = f"ingest-{socket.gethostname()}-{os.getpid()}"
    share = Share(settings.cloud_worker, settings.cloud_workers)
    return Ingest(store, MqttRoad(Endpoint("cloud broker", address, client, tls), share))
