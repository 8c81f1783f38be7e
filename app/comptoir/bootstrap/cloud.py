"""Builds the cloud's side: its store and its ingest workers."""

import os
import socket
from pathlib import Path

from comptoir.bus import Address, CloudTls, Endpoint
from comptoir.cloud import EmbeddedStore, Ingest, MqttRoad, Road, Share, Store
from comptoir.cloud.renewer import Renewer
from comptoir.cloud.road import NOBODYS
from comptoir.settings import SettingRefused, Settings

MOSQUITTO, RABBITMQ = "mosquitto", "rabbitmq"
BROKERS = f"{MOSQUITTO} nor {RABBITMQ}"


def open_store(settings: Settings) -> Store:
    """Return the cloud's store: PostgreSQL where a DSN is set, else the embedded one."""
    if settings.cloud_store:
        from comptoir.cloud.postgres import PostgresStore  # noqa: PLC0415 - terminals ship no psycopg

        return PostgresStore(settings.cloud_store)
    return EmbeddedStore(settings.data_dir / "cloud")


def open_ingest(store: Store, settings: Settings) -> Ingest:
    """Return an ingest worker of the cloud; raises SettingRefused for a broker nobody knows."""
    share = Share(settings.cloud_worker, settings.cloud_workers)
    folder = Path(settings.cloud_tls_dir) if settings.cloud_tls_dir else None
    renewer = Renewer.of(folder, store) if folder else None
    return Ingest(store, _road(settings, "ingest", share), renewer)


def open_voice(settings: Settings) -> Road:
    """Return what carries the head office's events to terminals; it takes in nothing."""
    return _road(settings, "office", NOBODYS)


def _road(settings: Settings, program: str, share: Share) -> Road:
    if settings.cloud_broker not in {MOSQUITTO, RABBITMQ}:
        raise SettingRefused(f"cloud_broker: {settings.cloud_broker!r} is neither {BROKERS}.")
    tls = None
    if settings.cloud_tls_dir:
        folder = Path(settings.cloud_tls_dir)
        tls = CloudTls(folder / "ca.crt", folder / "client.crt", folder / "client.key")
    hosts = [host.strip() for host in settings.cloud_host.split(",")]
    nodes = [Address(host, settings.cloud_port) for host in hosts]
    if settings.cloud_broker == RABBITMQ:
        from comptoir.cloud.amqp import AmqpRoad  # noqa: PLC0415 - terminals ship no pika

        return AmqpRoad(nodes, tls, share)
    client = f"{program}-{socket.gethostname()}-{os.getpid()}"
    return MqttRoad(Endpoint("cloud broker", nodes[0], client, tls), share)
