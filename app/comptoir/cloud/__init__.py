"""The cloud's side of the uplink: verify, store, and only then say how far everything is held."""

from comptoir.cloud.embedded import EmbeddedStore
from comptoir.cloud.ingest import Ingest
from comptoir.cloud.road import MqttRoad, Road, Share
from comptoir.cloud.store import Receipt, RestaurantRefused, Store, StoreUnavailable

__all__ = [
    "EmbeddedStore",
    "Ingest",
    "MqttRoad",
    "Receipt",
    "RestaurantRefused",
    "Road",
    "Share",
    "Store",
    "StoreUnavailable",
]
