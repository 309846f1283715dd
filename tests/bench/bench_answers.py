"""Figures of signed answers: `python -m tests.bench.bench_answers`.

On the demonstration's node with its embedded chain, over HTTP on loopback. *cold*: nothing is read yet (a node opened
anew each time); *uncached*: another question at the same state of the registries; *cached*: the same question at the
same block. `cpu` is what this process spends on it, client and server together: on a busy machine the clock on the wall
tells of others too.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

import httpx

from api.app import create_app
from api.bootstrap import build
from api.settings import Settings
from ledger import registry_slots
from tests.demonstration_node import copy_of_founded, demonstration_node

AEO = "programme=aeo"
RECOGNITION = f"/v1/recognitions?by=CN&of=SG&{AEO}"
QUESTIONS = {
    "recognition": RECOGNITION,
    "recognition, no": f"/v1/recognitions?by=CN&of=MY&{AEO}",
    "recognition with proofs": RECOGNITION + "&proofs=true",
    "matrix": f"/v1/recognitions/matrix?{AEO}",
    "operator": "/v1/operators/cn.customs/AEOCN3302961K7Q",
    "benefits": "/v1/operators/cn.customs/AEOCN3302961K7Q/benefits?relying_country=SG",
}


def milliseconds(get: Callable[[str], httpx.Response], paths: Iterable[str]) -> tuple[float, float]:
    """Return the medians by the clock on the wall, and of the processor's time."""
    taken = []
    for path in paths:
        start, spent = time.perf_counter(), time.process_time()
        get(path).raise_for_status()
        taken.append((time.perf_counter() - start, time.process_time() - spent))
    return median(wall for wall, _ in taken) * 1000, median(cpu for _, cpu in taken) * 1000


def cold(path: str) -> tuple[float, float]:
    """Return the times of the first question that a node is asked, with not a slot computed nor a trie node read."""
    with tempfile.TemporaryDirectory() as folder:
        copy_of_founded(Path(folder) / "home")
        node = build(Settings(home=Path(folder) / "home"))
        registry_slots._slot.cache_clear()

        async def ask() -> tuple[float, float]:
            transport = httpx.ASGITransport(create_app(node))
            async with httpx.AsyncClient(transport=transport, base_url="http://node") as client:
                await client.get("/healthz")
                start, spent = time.perf_counter(), time.process_time()
                (await client.get(path)).raise_for_status()
                return (time.perf_counter() - start) * 1000, (time.process_time() - spent) * 1000

        try:
            return asyncio.run(ask())
        finally:
            node.close()


def main() -> None:
    """Print a line for each kind of question."""
    with tempfile.TemporaryDirectory() as home, demonstration_node(Path(home)) as api:
        head = api.node.chain.head().timestamp
        answer = api.http.get(QUESTIONS["matrix"]).json()
        recognised = sum(cell["recognised"] for cell in answer["recognitions"])
        print(f"{len(answer['countries'])} countries, {recognised} directions in effect", flush=True)
        print(f"{'milliseconds':<26}{'cold':>8}{'cpu':>8}{'uncached':>8}{'cpu':>8}{'cached':>8}{'cpu':>8}{'bytes':>10}")
        for name, path in QUESTIONS.items():
            first = sorted(cold(path) for _ in range(3))[1]
            joint = "&" if "?" in path else "?"
            other = milliseconds(api.http.get, (f"{path}{joint}at={at}" for at in range(head - 20, head)))
            api.http.get(path)
            same = milliseconds(api.http.get, [path] * 40)
            size = len(api.http.get(path).content)
            figures = "".join(f"{wall:>8.1f}{cpu:>8.1f}" for wall, cpu in (first, other, same))
            print(f"{name:<26}{figures}{size:>10,}", flush=True)


if __name__ == "__main__":
    main()
