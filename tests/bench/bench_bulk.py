"""Bulk verification of final bills: documents per second of one core, where it goes, and over HTTP both ways at once.

    python -m tests.bench.bench_bulk [COUNT] [--profile]      2000 by default; with 100000 registering takes the most

A node of the demonstration (embedded chain, SQLite) registers COUNT bills and makes them final; then all of them are
verified in one run. `core`: without HTTP, in groups as they come from a socket, processor time. `http`: server and
client in one process, by the clock, with the processor time of both. Cold is the first run, warm the second.
"""

import cProfile
import gc
import json
import os
import pstats
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from anchors.pipeline.worker import is_idle
from api.bulk_lines import BulkLines
from api.cli.duplex import exchange
from api.demonstration.samples import sample
from ledger.envelope import issue
from ledger.kinds import kind
from tests.bench.peers.measure import peak_mb
from tests.demonstration_node import Api, demonstration_node

ISSUER = "cn.eastern-meridian"
GROUP, REGISTERED_AT_ONCE = 16, 500
PATIENCE = 1_800.0
QUESTION: dict[str, str | None] = {"relying_country": None, "at": None, "known_at": None}


def signed(api: Api, count: int) -> Iterator[bytes]:
    """Yield the lines of COUNT bills, each another."""
    bill, of, key = sample("bill-of-lading"), kind("bill-of-lading"), api.established.keys.issuer_keys[ISSUER]
    for number in range(count):
        document = bill | {"transportDocumentReference": f"BULK{number:09d}"}
        yield json.dumps({"envelope": issue(document, of, ISSUER, key, iat=int(time.time())).serialize()}).encode()


def groups(lines: Sequence[bytes], size: int) -> Iterator[list[bytes]]:
    for start in range(0, len(lines), size):
        yield list(lines[start : start + size])


def register(api: Api, lines: Sequence[bytes]) -> None:
    headers = {**api.key(ISSUER), "Content-Type": "application/x-ndjson"}
    for group in groups(lines, REGISTERED_AT_ONCE):
        while api.http.post("/v1/documents", content=b"\n".join(group), headers=headers).status_code == 503:
            time.sleep(1)
    deadline = time.monotonic() + PATIENCE
    while not is_idle(api.node.database):
        assert time.monotonic() < deadline, "not final"
        time.sleep(0.2)


def core(api: Api, lines: Sequence[bytes]) -> float:
    """Return seconds of processor time for all lines."""
    began = time.process_time()
    run = BulkLines(api.node, QUESTION)
    for group in groups(lines, GROUP):
        run.answer(list(group))
    summary = json.loads(run.end(None))["summary"]
    assert summary["usable"] == {"ACTIVE": len(lines)}, summary
    return time.process_time() - began


def over_http(api: Api, lines: Sequence[bytes]) -> tuple[float, float]:
    """Return seconds of the clock and of the processor."""
    answered = bytearray()
    url = f"{api.http.base_url}/v1/verifications/bulk".replace("//v1", "/v1")
    headers = {**api.key(ISSUER), "Content-Type": "application/x-ndjson"}
    pieces = (b"\n".join(group) + b"\n" for group in groups(lines, GROUP))
    wall, cpu = time.perf_counter(), time.process_time()
    answer = exchange(url, headers, pieces, answered.extend)
    found = time.perf_counter() - wall, time.process_time() - cpu
    assert answer.whole
    assert answered.count(b"\n") == len(lines) + 1
    assert json.loads(answered.splitlines()[-1])["summary"]["usable"] == {"ACTIVE": len(lines)}
    return found


def measure(api: Api, lines: Sequence[bytes]) -> None:
    count, before = len(lines), peak_mb()
    for name in ("core, cold", "core, warm"):
        seconds = core(api, lines)
        print(f"{name:<14}{count / seconds:>10,.0f} / s of one core", flush=True)
    for name in ("http, warm", "http, again"):
        wall, cpu = over_http(api, lines)
        print(
            f"{name:<14}{count / wall:>10,.0f} / s by the clock, {count / cpu:,.0f} / s of processor time", flush=True
        )
    print(f"memory: {peak_mb():,.0f} MB at the most, {peak_mb() - before:,.0f} of them more than before verifying")


def profile(api: Api, lines: Sequence[bytes]) -> None:
    """Print where the time of one core goes."""
    with cProfile.Profile() as found:
        core(api, lines)
    pstats.Stats(found).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with (
        tempfile.TemporaryDirectory(prefix="portseal-bench-") as folder,
        demonstration_node(Path(folder) / "n") as node,
    ):
        bills = list(signed(node, wanted))
        print(f"{wanted} bills, lines of {len(bills[0])} bytes (load {os.getloadavg()[0]:.1f})", flush=True)
        started = time.perf_counter()
        register(node, bills)
        print(f"registered and final in {time.perf_counter() - started:.0f} s", flush=True)
        gc.collect()
        gc.freeze()
        measure(node, bills)
        if "--profile" in sys.argv:
            profile(node, bills[:2_000])
