"""Payload stores side by side: a folder, a real Kubo with the settings that Portseal wants, and both as replicas.

    python -m tests.bench.bench_stores [payloads]

Every put ends with all blocks durable, read back and hashed. The last lines show what one request to Kubo for each
payload, or one pin for each, would cost.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from anchors import car
from anchors.cid import cid_of
from anchors.replicas.replicas import Replicas
from anchors.stores import FolderStore, KuboStore, PayloadStore
from anchors.stores.known_store import KnownStore
from anchors.stores.kubo_api import KuboApi
from tests.servers.kubo_daemon import Kubo

SIZE = 4096  # bytes of a payload
SINGLY = 100
LARGE = 64 * 1024 * 1024


def timed(label: str, count: int, call: Callable[[], object]) -> None:
    start = time.perf_counter()
    call()
    seconds = time.perf_counter() - start
    print(f"{label:48} {seconds:8.2f} s {count / seconds:10.0f} /s")


def random_payloads(count: int) -> list[bytes]:
    return [os.urandom(SIZE) for _ in range(count)]


def measure(store: PayloadStore, count: int) -> None:
    payloads = random_payloads(count)
    cids = [cid_of(payload) for payload in payloads]
    large = os.urandom(LARGE)
    some = cids[:: max(1, count // 1000)]
    timed(f"{store.name}: put {count} x {SIZE} bytes at once", count, lambda: store.put(payloads))
    timed(f"{store.name}: put the same again", count, lambda: store.put(payloads))
    timed(f"{store.name}: get one at a time", len(some), lambda: [store.get(cid) for cid in some])
    singly = random_payloads(SINGLY)
    timed(f"{store.name}: put one at a time", SINGLY, lambda: [store.put([payload]) for payload in singly])
    timed(f"{store.name}: put {LARGE >> 20} MiB", 1, lambda: store.put([large]))
    timed(f"{store.name}: get {LARGE >> 20} MiB", 1, lambda: store.get(cid_of(large)))


def other_ways(api: KuboApi) -> None:
    """What the store does not do, and why."""
    options = {"cid-version": "1", "raw-leaves": "true", "chunker": "size-1048576", "pin": "true"}
    singly = random_payloads(SINGLY)
    timed("Kubo: /add, each", SINGLY, lambda: [api.post("/add", options=options, file=one) for one in singly])
    pinned = {"cid-codec": "raw", "pin": "true"}
    singly = random_payloads(SINGLY)
    timed(
        "Kubo: /block/put, each", SINGLY, lambda: [api.post("/block/put", options=pinned, file=one) for one in singly]
    )
    many = {cid_of(payload): payload for payload in random_payloads(1000)}
    file = io.BytesIO()
    car.write(file, list(many), many.items())
    timed("Kubo: /dag/import of 1000, a pin for each", 1000, lambda: api.post("/dag/import", file=file.getvalue()))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as directory:
        with FolderStore(Path(directory) / "folder") as folder:
            measure(folder, count)
        with Kubo(Path(directory) / "kubo") as kubo, KuboStore(kubo.api, timeout=120) as store:
            store.check()
            measure(store, count)
            with FolderStore(Path(directory) / "beside") as beside:
                both = Replicas([KnownStore(beside, 0), KnownStore(store, 1)], 2)
                measure(both, count)
                both.close()
            other_ways(KuboApi(kubo.api, 120))


if __name__ == "__main__":
    main()
