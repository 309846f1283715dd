"""Metrics for Prometheus: a listener of its own, on loopback unless told otherwise, since they tell of business."""

import time
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import REGISTRY, CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from anchors import latencies, pipeline_state
from anchors.lane import Lane
from anchors.latencies import BOUNDS, Latency
from anchors.pipeline_state import PipelineState
from api.node import Node
from api.store_metrics import StoreCollector
from ledger.errors import Invalid, Unavailable


class NodeCollector(Collector):
    """What database and chain say at the moment of the scrape; a part that does not answer is left out."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def describe(self) -> Iterator[Metric]:
        """Nothing is looked at when the collector is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Look, and yield what was seen."""
        database = GaugeMetricFamily("portseal_database_up", "Whether the database answers.")
        try:
            state = pipeline_state.look(self._node.database)
            found = [*_of_state(state, time.time()), _latency(latencies.read(self._node.database))]
        except Unavailable:
            state, found = None, []
        database.add_metric([], state is not None)
        yield database
        yield from found
        yield from self._of_chain(state)

    def _of_chain(self, state: PipelineState | None) -> Iterator[Metric]:
        up = GaugeMetricFamily("portseal_chain_up", "Whether a node of the chain answers.")
        head = GaugeMetricFamily("portseal_chain_head", "Number of the newest block.")
        final = GaugeMetricFamily("portseal_chain_final", "Number of the highest block whose finality is proved.")
        gap = GaugeMetricFamily(
            "portseal_nonce_gap", "Nonces that were signed and that the chain has not used.", labels=["account"]
        )
        try:
            head.add_metric([], self._node.chain.head().number)
            newest = self._node.finality.newest()
            if newest is not None:
                final.add_metric([], newest.number)
            for account, following in (state.next_nonce if state else {}).items():
                gap.add_metric([account], following - self._node.chain.nonce(account))
            up.add_metric([], 1)
        except Unavailable:
            up.add_metric([], 0)
        yield from (up, head, final, gap)


def listen(node: Node, host: str, port: int) -> Callable[[], None]:
    """Serve the metrics of this process and its node at `/metrics`; return what ends that.

    Raises Invalid `metrics.port`.
    """
    registry = CollectorRegistry()
    registry.register(NodeCollector(node))
    registry.register(StoreCollector(node))
    registry.register(_Everything())
    try:
        server, thread = start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        raise Invalid(
            "metrics.port",
            f"metrics cannot be served at {host}:{port}: {error.strerror}",
            mend="name a free port with PORTSEAL_METRICS_PORT; each process needs one of its own",
        ) from None

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end


class _Everything(Collector):
    """What this process counted: steps, events, requests, and the client's own figures of process and interpreter."""

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        yield from REGISTRY.collect()


def _of_state(state: PipelineState, now: float) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "portseal_documents_waiting", "Documents that are not final yet.", labels=["state", "lane"]
    )
    for (name, lane), count in state.waiting.items():
        waiting.add_metric([name.value, lane.word], count)
    oldest = GaugeMetricFamily(
        "portseal_oldest_waiting_seconds", "Age of the oldest document that is not batched.", labels=["lane"]
    )
    for lane, accepted_at in state.oldest.items():
        oldest.add_metric([lane.word], max(0.0, now - accepted_at))
    reports = GaugeMetricFamily("portseal_reports_waiting", "Reports that wait for a batch.", value=state.reports)
    unmined = GaugeMetricFamily("portseal_transactions_unmined", "Transactions not mined yet.", labels=["state"])
    for sent, count in state.unmined.items():
        unmined.add_metric([sent.value], count)
    breaches = GaugeMetricFamily("portseal_promises_broken", "Receipts whose promise was broken.", labels=["now"])
    breaches.add_metric(["open"], state.open_breaches)
    breaches.add_metric(["anchored"], state.breaches - state.open_breaches)
    leases = GaugeMetricFamily("portseal_lease", "Who does what only one may do at a time.", labels=["work", "holder"])
    for work, holder in state.leases.items():
        leases.add_metric([work, holder], 1)
    yield from (waiting, oldest, reports, unmined, breaches, leases)


def _latency(found: Mapping[Lane, Latency]) -> Metric:
    metric = HistogramMetricFamily(
        "portseal_accepted_to_final_seconds", "From accepted to final, in whole seconds.", labels=["lane"]
    )
    for lane, latency in found.items():
        total, buckets = 0, []
        for bound, count in zip(BOUNDS, latency.counts, strict=True):
            total += count
            buckets.append((str(float(bound)), total))
        buckets.append(("+Inf", total + latency.beyond))
        metric.add_metric([lane.word], buckets, latency.seconds)
    return metric
