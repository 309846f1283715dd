"""Documents per second from HTTP to final, sustained: a node as an operator runs it, connections that never wait.

    python -m tests.bench.bench_sustained [CHAIN] [STORE] [SECONDS] [PROCESSES]    embedded folder 60 2 by default

Bills are signed beforehand, then sent as NDJSON in groups of 250 for SECONDS, four at a time, each as soon as the one
before is answered; a 503 is waited for. Node, servers and sender share the machine. `final/s`: those that were final
when the sending ended, for each second of it.
"""

import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select

from anchors.database import Database, State
from anchors.database.models import BatchRow, DocumentRow
from api.demonstration.establishing import Established, establish_home
from api.demonstration.samples import sample
from api.home import Home
from ledger.envelope import issue
from ledger.finality.form import CHECKPOINT, Clique
from ledger.kinds import kind
from ledger.private_key import PrivateKey
from tests.faults.node_process import NodeProcess
from tests.servers.anvil import Anvil
from tests.servers.clique import CliqueNetwork
from tests.servers.kubo_daemon import Kubo

ISSUER = "cn.eastern-meridian"
GROUP, CONNECTIONS = 250, 4
MOST_PER_SECOND = 1_300
PATIENCE = 300.0
METRICS = 9464
_KEYS: list[PrivateKey] = []


def sign(path: Path, first: int, count: int) -> None:
    """Write `count` lines, each a bill of its own, with the key that `sign_all` left to this forked process."""
    bill, of = sample("bill-of-lading"), kind("bill-of-lading")
    with path.open("w", encoding="ascii") as file:
        for number in range(first, first + count):
            document = bill | {"transportDocumentReference": f"SUST{number:09d}"}
            envelope = issue(document, of, ISSUER, _KEYS[0], iat=int(time.time()))
            file.write(json.dumps({"envelope": envelope.serialize()}) + "\n")


def sign_all(key: PrivateKey, folder: Path, count: int) -> list[Path]:
    """Sign with all cores; return the files, one for each connection."""
    each = -(-count // CONNECTIONS)
    paths = [folder / f"lines-{number}" for number in range(CONNECTIONS)]
    _KEYS.append(key)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for done in [pool.submit(sign, path, place * each, each) for place, path in enumerate(paths)]:
            done.result()
    return paths


def groups(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while group := b"".join(line for line, _ in zip(file, range(GROUP), strict=False)):
            yield group


class Senders:
    """One thread for each file."""

    def __init__(self, address: str, api_key: str, paths: Sequence[Path], seconds: float) -> None:
        self.accepted = self.turned_away = 0
        self.missed: Counter[str] = Counter()
        self._address = address
        self._headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/x-ndjson"}
        self._ends = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._send, args=(path,)) for path in paths]

    def run(self) -> None:
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            thread.join()

    def _send(self, path: Path) -> None:
        with httpx.Client(base_url=self._address, headers=self._headers, timeout=120, trust_env=False) as http:
            for group in groups(path):
                while time.monotonic() < self._ends and not self._answered(http, group):
                    pass
                if time.monotonic() >= self._ends:
                    return

    def _answered(self, http: httpx.Client, group: bytes) -> bool:
        answer = http.post("/v1/documents", content=group)
        with self._lock:
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                self.turned_away += 1
                time.sleep(min(2.0, float(answer.headers["retry-after"])))
                return False
            answer.raise_for_status()
            lines = [json.loads(line) for line in answer.text.splitlines()]
            self.accepted += sum(line["status"] == httpx.codes.ACCEPTED and not line["repeated"] for line in lines)
            missed = Counter(line["code"] for line in lines if line["status"] != httpx.codes.ACCEPTED)
            self.missed += missed
        # What an outage kept out is sent again, with the rest of its group, which the node then knows.
        return not missed


def processes(node: NodeProcess) -> list[psutil.Process]:
    assert node._process is not None
    main = psutil.Process(node._process.pid)
    return [main, *main.children(recursive=True)]


def cpu(node: NodeProcess) -> list[float]:
    return [sum(one.cpu_times()[:2]) for one in processes(node)]


def final(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.sum(BatchRow.size)).where(BatchRow.state == State.FINAL)) or 0)


def latencies(database: Database) -> tuple[float, float]:
    seconds = select(BatchRow.final_at - DocumentRow.accepted_at).select_from(DocumentRow)
    query = seconds.join(BatchRow, BatchRow.id == DocumentRow.batch_id)
    with database.read() as session:
        found = sorted(session.scalars(query))
    return found[len(found) // 2], found[int(len(found) * 0.99)]


def by_stage(metrics: str, count: int) -> str:
    """What each step of the worker took of the clock, in microseconds a document; steps run beside each other."""
    text = httpx.get(metrics, timeout=30, trust_env=False).text
    seconds = {
        sample.labels["step"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "portseal_step_seconds_sum" and sample.value
    }
    return ", ".join(f"{step} {value / count * 1e6:.0f}" for step, value in seconds.items())


def measure(node: NodeProcess, established: Established, folder: Path, seconds: int, others: int) -> None:
    key = established.keys.issuer_keys[ISSUER]
    paths = sign_all(key, folder, seconds * MOST_PER_SECOND)
    node.start()
    node.await_ready()
    while len(node.answering()) < others:
        time.sleep(0.1)
    time.sleep(2)
    database, load = Database.at(Home(node.home).database), os.getloadavg()[0]
    before = cpu(node)
    print("  sending ...", flush=True)
    senders = Senders(node.address, established.tenants[ISSUER].api_key, paths, seconds)
    began, own = time.monotonic(), time.process_time()
    senders.run()
    sent, reached = time.monotonic() - began, final(database)
    own = time.process_time() - own
    while final(database) < senders.accepted:
        assert time.monotonic() - began < seconds + PATIENCE, "not final in time"
        time.sleep(0.2)
    drained = time.monotonic() - began - sent
    p50, p99 = latencies(database)
    used = [after - earlier for after, earlier in zip(cpu(node), before, strict=True)]
    count = senders.accepted
    memory = sum(one.memory_info().rss for one in processes(node)) / 1e6
    size = Home(node.home).database.stat().st_size / count
    print(f"  load before {load:.1f}; {count:,} accepted in {sent:.0f} s, {count / sent:.0f}/s")
    print(f"  turned away {senders.turned_away} times; lines sent again {dict(senders.missed)}")
    print(f"  final {reached / sent:.0f}/s, the rest in {drained:.1f} s; accepted to final p50 {p50} s, p99 {p99} s")
    each = " + ".join(f"{one / count * 1e3:.2f}" for one in used)
    print(f"  cpu/document: node {each} ms, sender {own / count * 1e3:.2f} ms")
    print(f"  worker, us/document: {by_stage(f'http://127.0.0.1:{METRICS}/metrics', count)}")
    print(f"  {memory:.0f} MB in {len(processes(node))} processes; database {size:,.0f} bytes/document", flush=True)
    database.close()


def main(chain: str = "embedded", store: str = "folder", seconds: str = "60", count: str = "2") -> None:
    print(f"{chain} chain, {store} store, {count} API processes, {seconds} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="portseal-sustained-") as name, ExitStack() as stack:
        folder = Path(name)
        home, rpc, form = folder / "home", [], CHECKPOINT
        if chain == "anvil":
            rpc = [stack.enter_context(Anvil(folder / "anvil")).rpc]
        elif chain == "clique":
            network = stack.enter_context(CliqueNetwork(folder / "clique"))
            rpc, form = list(network.rpc), Clique(tuple(network.signers))
        established = establish_home(Home(home), rpc=rpc, finality=form)
        options = ["--processes", count] if count != "1" else []
        if store == "kubo":
            options += ["--kubo", stack.enter_context(Kubo(folder / "kubo")).api]
        node = NodeProcess(home, *options, environment={"PORTSEAL_METRICS_PORT": str(METRICS)})
        try:
            measure(node, established, folder, int(seconds), int(count) if count != "1" else 0)
        finally:
            node.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
