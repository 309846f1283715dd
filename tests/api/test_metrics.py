"""Metrics as Prometheus scrapes them, and traces as a collector receives them, from a node that works."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from api.demonstration.samples import sample
from ledger.errors import Invalid
from tests.demonstration_node import Api, demonstration_node
from tests.servers.ports import Port

CARRIER = "cn.eastern-meridian"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
Scraped = dict[tuple[str, tuple[tuple[str, str], ...]], float]


class Collector(HTTPServer):
    """Takes OTLP over HTTP."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.spans: list[Any] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/traces"


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        for resource in ExportTraceServiceRequest.FromString(_plain(body, self.headers)).resource_spans:
            for scope in resource.scope_spans:
                self.server.spans += scope.spans
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def _plain(body: bytes, headers: Any) -> bytes:
    import gzip

    return gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body


class Observed:
    """A node, where its metrics are, and the collector of its spans."""

    def __init__(self, api: Api, port: int, collector: Collector) -> None:
        self.api, self.port, self.collector = api, port, collector

    def scrape(self) -> Scraped:
        text = httpx.get(f"http://127.0.0.1:{self.port}/metrics", trust_env=False, timeout=30).text
        return {
            (found.name, tuple(sorted(found.labels.items()))): found.value
            for family in text_string_to_metric_families(text)
            for found in family.samples
        }

    def until(self, holds: Callable[[Scraped], bool]) -> Scraped:
        """Scrape until it holds, a minute at most; return what was scraped last."""
        deadline = time.monotonic() + 60
        while not holds(found := self.scrape()) and time.monotonic() < deadline:
            time.sleep(0.2)
        return found

    def register(self, number: str, lane: str = "normal") -> str:
        document = sample("bill-of-lading") | {"transportDocumentReference": number}
        answer = self.api.http.post(
            "/v1/documents",
            params={"lane": lane},
            json={"kind": "bill-of-lading", "document": document},
            headers=self.api.key(CARRIER) | {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"},
        )
        assert answer.status_code == 202
        digest: str = answer.json()["digest"]
        return digest

    def spans(self, enough: int = 1) -> list[Any]:
        trace.get_tracer_provider().force_flush()
        deadline = time.monotonic() + 60
        while len(self.collector.spans) < enough and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.collector.spans


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observed]:
    held, collector = Port(), Collector()
    home = tmp_path_factory.mktemp("observed") / "home"
    with demonstration_node(home, metrics_port=held.number, traces=collector.url) as api:
        yield Observed(api, held.number, collector)
        trace.get_tracer_provider().shutdown()
    collector.shutdown()
    collector.server_close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{held}/metrics", trust_env=False)
    held.close()


def of(found: dict[Any, float], name: str, **labels: str) -> float | None:
    return found.get((name, tuple(sorted(labels.items()))))


def test_a_document_is_counted_on_its_way(observed: Observed) -> None:
    before = observed.scrape()
    digest = observed.register("METRIC-1", "urgent")
    observed.api.until_final(digest)
    after = observed.scrape()
    name, labels = "portseal_accepted_to_final_seconds", {"lane": "urgent"}
    assert of(after, f"{name}_count", **labels) == (of(before, f"{name}_count", **labels) or 0) + 1
    assert of(after, f"{name}_bucket", **labels, le="+Inf") == of(after, f"{name}_count", **labels)
    assert (of(after, "portseal_step_moved_total", step="store") or 0) >= 1
    assert (of(after, "portseal_step_seconds_count", step="batch") or 0) >= 1
    assert of(after, "portseal_chain_up") == of(after, "portseal_database_up") == 1
    assert of(after, "portseal_promises_broken", now="open") == 0
    head, final = of(after, "portseal_chain_head"), of(after, "portseal_chain_final")
    assert head is not None
    assert final is not None
    assert 0 < final <= head
    [gap] = [value for (name, _), value in after.items() if name == "portseal_nonce_gap"]
    assert gap == 0
    states = {labels: value for (name, labels), value in after.items() if name == "portseal_documents_waiting"}
    assert len(states) == 18
    assert set(states.values()) == {0}


def test_requests_are_counted_by_route_and_never_by_path(observed: Observed) -> None:
    digest = observed.register("METRIC-2")
    observed.api.http.get(f"/v1/documents/{digest}")
    observed.api.http.get("/somewhere/secret-customer")
    observed.api.http.request("BREW", "/v1/documents")
    name = "portseal_http_request_seconds_count"
    wanted = (
        {"method": "GET", "route": "/v1/documents/{digest}", "status": "200"},
        {"method": "GET", "route": "none", "status": "404"},
        {"method": "none", "route": "/v1/documents", "status": "405"},
    )
    # A request is counted when its answer has been sent, which may be after it was read here.
    found = observed.until(lambda found: all(of(found, name, **labels) for labels in wanted))
    for labels in wanted:
        assert (of(found, name, **labels) or 0) >= 1, labels
    text = json.dumps([str(key) for key in found])
    assert digest not in text
    assert "secret-customer" not in text


def test_warnings_are_counted_by_their_event(observed: Observed) -> None:
    import structlog

    from api import logs

    # What the node itself warned of counts too.
    warned = {"event": "no cosignature", "level": "warning"}
    earlier = of(observed.scrape(), "portseal_events_total", **warned) or 0
    before = structlog.get_config()
    logs.configure()
    try:
        structlog.get_logger("test").warning("no cosignature", authority="cn.customs")
        structlog.get_logger("test").info("step", step="store")
    finally:
        structlog.configure(**before)
    found = observed.scrape()
    assert of(found, "portseal_events_total", **warned) == earlier + 1
    assert of(found, "portseal_events_total", event="step", level="info") is None


def test_spans_of_requests_go_on_with_the_callers_trace(observed: Observed) -> None:
    observed.api.until_final(observed.register("METRIC-3"))
    observed.api.http.get("/v1/issuers/cn.eastern-meridian?secret=1")
    spans = {span.name: span for span in observed.spans(3)}
    assert spans["POST /v1/documents"].trace_id.hex() == TRACE
    assert "pipeline.store" in spans
    assert spans["pipeline.store"].end_time_unix_nano >= spans["pipeline.store"].start_time_unix_nano
    for span in observed.collector.spans:
        assert "secret" not in str(span)
        assert "METRIC-3" not in str(span)


def test_without_the_database_the_rest_is_told(observed: Observed, monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger.errors import Unavailable

    def broken(_: object) -> None:
        raise Unavailable("database.unavailable", "gone")

    monkeypatch.setattr("anchors.pipeline_state.look", broken)
    found = observed.scrape()
    assert of(found, "portseal_database_up") == 0
    assert of(found, "portseal_chain_up") == 1
    assert of(found, "portseal_documents_waiting", state="accepted", lane="bulk") is None


def test_a_port_that_is_taken_is_said(observed: Observed, tmp_path: Path) -> None:
    from api import metrics

    with pytest.raises(Invalid, match=r"metrics\.port"):
        metrics.listen(observed.api.node, "127.0.0.1", observed.port)


def test_stores_are_told_of(observed: Observed) -> None:
    # What other tests of this process counted is in it too.
    counted = ("portseal_replicas_too_few_total", "portseal_replicas_lost_total")
    before = observed.scrape()
    observed.api.until_final(observed.register("METRIC-STORES"))
    found = observed.until(
        lambda found: of(found, "portseal_replicas_unverified", store="folder", kind="payloads") == 0
    )
    assert of(found, "portseal_store_up", store="folder") == 1
    assert of(found, "portseal_replicas_unverified", store="folder", kind="payloads") == 0
    assert [of(found, name) for name in counted] == [of(before, name) for name in counted]
    assert None not in [of(found, name) for name in counted]
