"""Costly requests to a node in a process of its own, from several addresses of loopback, with and without a key."""

import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest

from tests.demonstration_node import copy_of_founded
from tests.faults.node_process import NodeProcess, free_port

pytestmark = pytest.mark.slow
MOST, PROXY = 2, "127.1.0.1"
DIGEST, REPORT = "00" * 32, "/v1/verifications?report=true"
CARRIER = "cn.eastern-meridian"
_HOSTS = count(10)


@dataclass
class Served:
    node: NodeProcess
    metrics: int
    key: dict[str, str]

    def caller(self, address: str | None = None, **headers: str) -> httpx.Client:
        """Calls from an address of its own, unless one is given."""
        transport = httpx.HTTPTransport(local_address=address or f"127.0.0.{next(_HOSTS)}")
        return httpx.Client(
            base_url=self.node.address, transport=transport, timeout=60, headers=headers, trust_env=False
        )

    def await_reports(self) -> None:
        """Until a block is final, which reports rest on."""
        deadline = time.monotonic() + 60
        with self.caller() as http:
            while http.post(REPORT, json={"digest": DIGEST}, headers=self.key).status_code != 200:
                assert time.monotonic() < deadline
                time.sleep(0.1)

    def turned_away(self, reason: str) -> float:
        text = httpx.get(f"http://127.0.0.1:{self.metrics}/metrics", timeout=60, trust_env=False).text
        lines = [one for one in text.splitlines() if one.startswith(f'portseal_turned_away_total{{reason="{reason}"}}')]
        return float(lines[0].split()[-1]) if lines else 0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home, metrics = tmp_path_factory.mktemp("costly"), free_port()
    established = copy_of_founded(home)
    environment = {
        "PORTSEAL_ANONYMOUS_PER_MINUTE": f"{MOST}",
        "PORTSEAL_ANONYMOUS_AT_ONCE": "2",
        "PORTSEAL_PROXIES": PROXY,
        "PORTSEAL_METRICS_PORT": f"{metrics}",
    }
    node = NodeProcess(home, environment=environment)
    node.start()
    node.await_ready()
    served = Served(node, metrics, {"Authorization": f"Bearer {established.tenants[CARRIER].api_key}"})
    served.await_reports()
    yield served
    assert node.stop() == 0


COSTLY: dict[str, tuple[str, str, Any]] = {
    "trust": ("GET", "/v1/trust", None),
    "hand-overs": ("GET", "/v1/trust/hand-overs?after=1", None),
    "evidence": ("GET", f"/v1/documents/{DIGEST}/evidence", None),
    "evidence of an envelope": ("POST", "/v1/evidence", {}),
    "evidence of a report": ("GET", f"/v1/reports/{DIGEST}/evidence", None),
    "report": ("POST", REPORT, {"digest": DIGEST}),
    "newest pack": ("GET", "/v1/packs/latest", None),
    "pack": ("GET", "/v1/packs/1", None),
    "delta": ("GET", "/v1/packs/delta?from=1", None),
}


@pytest.mark.parametrize("what", COSTLY)
def test_each_costly_address_counts_and_says_when_to_come_again(served: Served, what: str) -> None:
    method, path, sent = COSTLY[what]
    with served.caller() as http:
        answers = [http.request(method, path, json=sent) for _ in range(MOST + 1)]
        other = http.post("/v1/verifications", json={"digest": DIGEST})
    assert 429 not in {one.status_code for one in answers[:-1]}
    last = answers[-1]
    assert (last.status_code, last.json()["code"]) == (429, "node.too-often")
    assert 1 <= int(last.headers["Retry-After"]) <= 60 / MOST
    assert other.status_code == 200  # a verdict is not costly


def test_who_has_an_api_key_is_not_counted_and_one_that_is_unknown_is_none(served: Served) -> None:
    with served.caller() as http:
        known = [http.get("/v1/trust", headers=served.key).status_code for _ in range(3 * MOST)]
        unknown = [http.get("/v1/trust", headers={"Authorization": "Bearer x"}).status_code for _ in range(MOST + 1)]
        again = http.get("/v1/trust", headers=served.key).status_code
    assert known == [200] * 3 * MOST
    assert unknown == [200] * MOST + [429]
    assert again == 200


def test_it_is_said_before_the_body_is_read(served: Served) -> None:
    with served.caller("127.0.0.5") as http:
        assert [http.get("/v1/trust").status_code for _ in range(MOST)] == [200] * MOST
    head = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Type: application/dc+sd-jwt\r\nContent-Length: 1000\r\n\r\n"
    for path in (b"/v1/evidence", REPORT.encode()):
        with socket.create_connection(("127.0.0.1", served.node.port), 20, ("127.0.0.5", 0)) as raw:
            raw.sendall(head % path)
            assert raw.recv(4096).startswith(b"HTTP/1.1 429 ")


def test_a_proxy_says_who_asks_and_nobody_else_can(served: Served) -> None:
    def asked(address: str, forwarded: str) -> list[int]:
        with served.caller(address, **{"X-Forwarded-For": forwarded}) as http:
            return [http.get("/v1/trust").status_code for _ in range(MOST + 1)]

    assert asked(PROXY, "203.0.113.7") == [200] * MOST + [429]
    assert asked(PROXY, "203.0.113.8") == [200] * MOST + [429]
    assert asked(PROXY, "203.0.113.9, 203.0.113.8") == [429] * (MOST + 1)  # who came to the proxy, not what it said
    assert asked("127.0.0.6", "203.0.113.10") == [200] * MOST + [429]
    assert asked("127.0.0.6", "203.0.113.11") == [429] * (MOST + 1)


def test_so_much_at_once_and_those_with_a_key_beside(served: Served) -> None:
    def ask(http: httpx.Client) -> httpx.Response:
        ready.wait(60)
        return http.post(REPORT, json={"digest": DIGEST})

    ready = Barrier(40)
    with ExitStack() as stack, ThreadPoolExecutor(40) as pool:
        callers = [stack.enter_context(served.caller(**headers)) for headers in [{}] * 32 + [served.key] * 8]
        # They take longer to make than the node takes to answer: each is connected before any asks.
        for http in callers:
            assert http.get("/healthz").status_code == 200
        asked = [pool.submit(ask, http) for http in callers]
        anonymous, keyed = asked[:32], asked[32:]
    said = Counter(one.result().status_code for one in anonymous)
    assert set(said) == {200, 503}
    assert {one.result().status_code for one in keyed} == {200}
    crowded = next(one.result() for one in anonymous if one.result().status_code == 503)
    assert (crowded.json()["code"], crowded.headers["Retry-After"]) == ("node.busy", "1")
    assert served.turned_away("crowded") == said[503]


def test_half_of_the_places_for_one_address(served: Served) -> None:
    before, said = served.turned_away("at-once"), Counter[int]()
    for _ in range(10):
        with served.caller() as http, ThreadPoolExecutor(MOST) as pool:
            asked = [pool.submit(http.post, REPORT, json={"digest": DIGEST}) for _ in range(MOST)]
            said.update(one.result().status_code for one in asked)
        if said[429]:
            break
    assert said[200]
    assert said[429]
    assert served.turned_away("at-once") - before == said[429]


def test_a_proxy_that_is_no_address(tmp_path: Path) -> None:
    copy_of_founded(tmp_path / "home")
    node = NodeProcess(tmp_path / "home", environment={"PORTSEAL_PROXIES": "10.0.0.0/8, everybody"})
    node.join()
    assert node.wait() != 0
    assert "settings.proxies" in node.log()
