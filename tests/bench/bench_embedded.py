"""Figures of the embedded chain: `python -m tests.bench.bench_embedded [BLOCKS]` (10,000 by default)."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from ledger.embedded import EmbeddedChain
from tests.chain.contracts import words
from tests.chain.sender import Clock, Sender, ask

# Stores its second word under the first, and emits an event with both as topics: about what anchoring does.
ANCHOR = bytes.fromhex("6020356000355560203560003560006000a2")
PER_BLOCK = 500


def _measure(name: str, unit: str, value: float) -> None:
    print(f"{name:<58}{value:>12,.3f} {unit}", flush=True)


def _milliseconds(work: Callable[[], Any], times: int = 50) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken) * 1000


def _size(directory: Path) -> int:
    return sum(file.stat().st_size for file in directory.glob("chain.sqlite*"))


def bench_throughput(directory: Path) -> None:
    """Transactions per second, from signed bytes to a committed block."""
    sender = Sender()
    with EmbeddedChain.open(directory, clock=Clock()) as chain:
        address = sender.deploy(chain, ANCHOR)
        raws = [sender.raw(nonce=1 + number, to=address, data=words(number, 1)) for number in range(PER_BLOCK)]
        start = time.perf_counter()
        for raw in raws:
            ask(chain, "eth_sendRawTransaction", raw)
        sent = time.perf_counter()
        chain.mine()
        end = time.perf_counter()
    _measure(f"taking in {PER_BLOCK} transactions", "ms each", (sent - start) / PER_BLOCK * 1000)
    _measure(f"one block of {PER_BLOCK}", "ms each", (end - sent) / PER_BLOCK * 1000)
    _measure("both", "tx/s", PER_BLOCK / (end - start))
    _measure("disk", "bytes/tx", _size(directory) / PER_BLOCK)


def bench_latency(directory: Path) -> None:
    """From sending to the receipt on an idle chain with its own thread and the real clock."""
    sender = Sender()
    with EmbeddedChain.open(directory) as chain:
        chain.start()
        taken = []
        for _ in range(5):
            time.sleep(1.3)
            start = time.perf_counter()
            sent = sender.send(chain, to=sender.address)
            while ask(chain, "eth_getTransactionReceipt", sent) is None:
                time.sleep(0.005)
            taken.append(time.perf_counter() - start)
    _measure("sent to mined, idle chain (median of 5)", "ms", median(taken) * 1000)


def _grow(directory: Path, blocks: int) -> tuple[str, list[str]]:
    sender, clock = Sender(), Clock()
    with EmbeddedChain.open(directory, clock=clock) as chain:
        address = sender.deploy(chain, ANCHOR)
        hashes = []
        for number in range(blocks):
            hashes.append(sender.send(chain, to=address, data=words(number, number * 7)))
            clock.now += 1
            chain.mine()
    return address, hashes


def bench_growth(directory: Path, blocks: int) -> None:
    """Look-ups in a chain of many blocks with one transaction each."""
    start = time.perf_counter()
    address, hashes = _grow(directory, blocks)
    _measure(f"mining {blocks:,} blocks of one transaction", "ms each", (time.perf_counter() - start) / blocks * 1000)
    _measure("disk", "bytes/block", _size(directory) / blocks)
    start = time.perf_counter()
    with EmbeddedChain.open(directory, clock=Clock()) as chain:
        _measure("opening", "ms", (time.perf_counter() - start) * 1000)
        _look_up(chain, address, hashes, blocks)


def _look_up(chain: EmbeddedChain, address: str, hashes: list[str], blocks: int) -> None:
    middle = blocks // 2
    topic = "0x" + words(middle).hex()
    wanted = {"fromBlock": "0x0", "toBlock": "latest", "address": address, "topics": [topic]}
    assert len(ask(chain, "eth_getLogs", wanted)) == 1
    asked: dict[str, tuple[Any, ...]] = {
        "receipt": ("eth_getTransactionReceipt", hashes[middle]),
        "transaction": ("eth_getTransactionByHash", hashes[middle]),
        "block": ("eth_getBlockByNumber", hex(middle), False),
        "one event among all blocks": ("eth_getLogs", wanted),
        "storage at a past block": ("eth_getStorageAt", address, hex(7), hex(middle)),
        "call at the head": ("eth_call", {"to": address, "data": "0x" + words(1, 2).hex()}),
        "proof of one slot": ("eth_getProof", address, [hex(middle)], "latest"),
        "nonce, pending": ("eth_getTransactionCount", address, "pending"),
    }
    for name, request in asked.items():
        _measure(name, "ms", _milliseconds(lambda request=request: ask(chain, *request)))  # type: ignore[misc]


def bench_empty_blocks(directory: Path) -> None:
    """What a heartbeat costs."""
    with EmbeddedChain.open(directory, clock=Clock()) as chain:
        chain.mine()
        start, before = time.perf_counter(), _size(directory)
        for _ in range(640):
            chain.mine()
        _measure("empty block", "ms", (time.perf_counter() - start) / 640 * 1000)
    _measure("empty block, disk", "bytes", (_size(directory) - before) / 640)


def main() -> None:
    """Run all, each in a directory of its own."""
    blocks = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        bench_throughput(root / "throughput")
        bench_latency(root / "latency")
        bench_empty_blocks(root / "empty")
        bench_growth(root / "growth", blocks)


if __name__ == "__main__":
    main()
