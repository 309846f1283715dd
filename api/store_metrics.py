"""Metrics of the payload stores."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from anchors.replicas.survey import behind
from api.node import Node
from ledger.errors import Unavailable


class StoreCollector(Collector):
    """Which stores work, as far as this process knows, and how far each is behind."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def describe(self) -> Iterator[Metric]:
        """Nothing is looked at when the collector is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Look, and yield what was seen; no store is asked for it."""
        stores = self._node.store.stores
        up = GaugeMetricFamily("portseal_store_up", "Whether the store worked when it was last used.", labels=["store"])
        for store in stores:
            up.add_metric([store.name], store.fault is None)
        yield up
        unverified = GaugeMetricFamily(
            "portseal_replicas_unverified", "At most so many the store is not known to hold.", labels=["store", "kind"]
        )
        try:
            for (name, kind), count in behind(self._node.database, stores).items():
                unverified.add_metric([name, kind], count)
        except Unavailable:
            return
        yield unverified
