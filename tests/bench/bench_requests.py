"""How long a verification takes over HTTP when others ask too, and a file offline, from process start to answer.

    python -m tests.bench.bench_requests [PER_SECOND [SECONDS [PROCESSES]]]      100, 30 and 2 by default

A node as an operator runs it (embedded chain, folder store) has 1,000 final bills. Each is asked for at its appointed
time, whether or not earlier ones were answered; its time counts from there: the first time, known, and known while
another bill is registered every second, each in a block of its own. Sender and node share the machine.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from http.client import HTTPConnection
from pathlib import Path

import httpx
import psutil

from api.demonstration.establishing import Established
from api.demonstration.samples import sample
from ledger.envelope import issue
from ledger.kinds import kind
from tests.demonstration_node import copy_of_founded
from tests.faults.node_process import NodeProcess
from tests.faults.plain_environment import plain_environment

ISSUER, BILLS, GROUP, CONNECTIONS, STARTS = "cn.eastern-meridian", 1_000, 250, 16, 20
PATIENCE = 300.0


Beside = AbstractContextManager[None]


def signed(established: Established, count: int) -> list[str]:
    """Return bills, each another."""
    bill, of, key = sample("bill-of-lading"), kind("bill-of-lading"), established.keys.issuer_keys[ISSUER]
    numbered = (bill | {"transportDocumentReference": f"REQ{number:09d}"} for number in range(count))
    return [issue(document, of, ISSUER, key, iat=int(time.time())).serialize() for document in numbered]


def register(http: httpx.Client, api_key: str, envelopes: Sequence[str]) -> list[str]:
    """Register all, wait until they are final, return their digests."""
    headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/x-ndjson"}
    digests: list[str] = []
    for start in range(0, len(envelopes), GROUP):
        lines = [json.dumps({"envelope": one}) for one in envelopes[start : start + GROUP]]
        answer = http.post("/v1/documents", content="\n".join(lines), headers=headers)
        answer.raise_for_status()
        digests += [json.loads(line)["digest"] for line in answer.text.splitlines()]
    deadline = time.monotonic() + PATIENCE
    for digest in digests:
        while http.get(f"/v1/documents/{digest}").json()["state"] != "final":
            assert time.monotonic() < deadline, "not final in time"
            time.sleep(0.1)
    return digests


class Asker:
    """Asks at appointed times, by plain connections: a client that is good at everything takes as long as the node."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._own = threading.local()

    def ask(self, body: bytes, appointed: float) -> float:
        """Return the seconds from the appointed time to the whole answer."""
        time.sleep(max(0.0, appointed - time.monotonic()))
        connection = self._connection()
        connection.request("POST", "/v1/verifications", body, {"Content-Type": "application/json"})
        answer = connection.getresponse().read()
        took = time.monotonic() - appointed
        assert b'"usable":"ACTIVE"' in answer, answer[:500]
        return took

    def ask_all(self, bodies: Sequence[bytes], rate: float, seconds: float) -> list[float]:
        began = time.monotonic() + 0.1
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            asked = [
                pool.submit(self.ask, bodies[number % len(bodies)], began + number / rate)
                for number in range(int(rate * seconds))
            ]
            return sorted(one.result() for one in asked)

    def _connection(self) -> HTTPConnection:
        """Return that of this thread, for all that it asks."""
        if not hasattr(self._own, "connection"):
            self._own.connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection: HTTPConnection = self._own.connection
        return connection


def cpu(node: NodeProcess) -> float:
    """Return the seconds of processor time of all its processes."""
    first = psutil.Process(node.pid)
    times = [one.cpu_times() for one in (first, *first.children(recursive=True))]
    return sum(one.user + one.system for one in times)


@contextmanager
def registering(node: NodeProcess, api_key: str, envelopes: Iterator[str]) -> Iterator[None]:
    """Register one after the other, one a second, while the block lasts."""
    headers, ended = {"Authorization": f"Bearer {api_key}"}, threading.Event()

    def register_each() -> None:
        with httpx.Client(base_url=node.address, timeout=60, trust_env=False, headers=headers) as http:
            while not ended.wait(1.0):
                http.post("/v1/documents", json={"envelope": next(envelopes)}).raise_for_status()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(register_each)
        try:
            yield
        finally:
            ended.set()
        done.result()


def over_http(node: NodeProcess, envelopes: Sequence[str], rate: float, seconds: float, beside: Beside) -> None:
    asker, bodies = Asker(node.port), [json.dumps({"envelope": one}).encode() for one in envelopes]
    gc.freeze()
    cold = asker.ask(bodies[0], time.monotonic())
    print(f"  the first of all: {cold * 1e3:.1f} ms")
    for name, besides in (("first time", nullcontext()), ("known", nullcontext()), ("others register", beside)):
        before, own = cpu(node), time.process_time()
        with besides:
            took = asker.ask_all(bodies, rate, seconds)
        used, own = cpu(node) - before, time.process_time() - own
        p50, p99 = took[len(took) // 2] * 1e3, took[len(took) * 99 // 100] * 1e3
        print(
            f"  {name}: {len(took):,} at {rate:.0f}/s: p50 {p50:.1f}, p99 {p99:.1f}, most {took[-1] * 1e3:.1f} ms;",
            end=" ",
        )
        print(f"cpu ms each: node {used / len(took) * 1e3:.1f}, sender {own / len(took) * 1e3:.1f}", flush=True)


def offline(node: NodeProcess, envelope: str, folder: Path) -> None:
    """Print how long whole processes take: `portseal verify FILE --offline`."""
    portseal = [sys.executable, "-m", "api.cli"]
    (folder / "bill.sd-jwt").write_text(envelope)
    trust, file = folder / "trust.json", folder / "bill.evidence"
    subprocess.run([*portseal, "trust", "--node", node.address, "-o", trust], check=True, stdout=subprocess.DEVNULL)
    making = [*portseal, "evidence", folder / "bill.sd-jwt", "--node", node.address, "-o", file]
    subprocess.run(making, check=True, stdout=subprocess.DEVNULL)
    took = []
    for _ in range(STARTS + 1):
        began = time.perf_counter()
        command = [*portseal, "verify", file, "--offline", "--trust", trust]
        subprocess.run(command, check=True, stdout=subprocess.PIPE, env=plain_environment())
        took.append((time.perf_counter() - began) * 1e3)
    took = sorted(took[1:])  # the first one compiles
    print(f"  offline, from process start to answer: p50 {took[STARTS // 2]:.0f}, most {took[-1]:.0f} ms", flush=True)


def main(rate: str = "100", seconds: str = "30", processes: str = "2") -> None:
    """Print the measures."""
    with tempfile.TemporaryDirectory(prefix="portseal-requests-") as name:
        home = Path(name) / "home"
        established = copy_of_founded(home)
        node = NodeProcess(home, *(["--processes", processes] if processes != "1" else []))
        try:
            node.start()
            node.await_ready()
            all_of_them, api_key = (
                signed(established, BILLS + 2 * int(float(seconds))),
                established.tenants[ISSUER].api_key,
            )
            envelopes, others = all_of_them[:BILLS], iter(all_of_them[BILLS:])
            with httpx.Client(base_url=node.address, timeout=60, trust_env=False) as http:
                register(http, api_key, envelopes)
            time.sleep(2)
            print(f"{BILLS:,} bills, {processes} API processes (load {os.getloadavg()[0]:.1f})", flush=True)
            over_http(node, envelopes, float(rate), float(seconds), registering(node, api_key, others))
            offline(node, envelopes[0], Path(name))
        finally:
            node.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
