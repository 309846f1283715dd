"""Section D: one simple transaction, by our own sender. `python -m tests.bench.peers.chain CHAIN seq|block1s COUNT`

CHAIN: embedded (in this process), anvil, clique (geth 1.13.15, three signers); a block each second on all of them. The
transaction stores one word in a new slot and emits an event, as the peers' does; its gas is told. All are signed before
the clock starts. `block1s`: all sent, one request each, then waited for; `seq`: sent, waited for, next, which on these
chains is one a block. Processor time of the node: of the servers; embedded, of this process.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from ledger.account import Account
from ledger.chain import Chain
from ledger.transaction import Call, SignedTransaction, await_receipt, sign
from tests.bench.chains import chain_named, servers_cpu
from tests.bench.peers.measure import Stopwatch, peak_mb, quantile, tell
from tests.chain.contracts import creation, words

GAS = 120_000
PATIENCE = 110.0

# Stores its second word under the first, and emits an event with both as topics.
ANCHOR = bytes.fromhex("6020356000355560203560003560006000a2")


def deploy(chain: Chain, account: Account) -> str:
    """Install the contract; return its address."""
    signed = sign(account, Call(None, creation(ANCHOR)), nonce=0, chain_id=chain.chain_id, gas=1_000_000)
    chain.send(signed.raw)
    address = await_receipt(chain, signed.hash).contract_address
    assert address
    return address


def signed_calls(chain: Chain, account: Account, address: str, count: int) -> list[SignedTransaction]:
    """Return `count` calls, each with a slot of its own."""
    calls = [Call(address, words(number, number)) for number in range(1, count + 1)]
    return [
        sign(account, call, nonce=nonce, chain_id=chain.chain_id, gas=GAS) for nonce, call in enumerate(calls, start=1)
    ]


def send_in_turn(chain: Chain, transactions: Sequence[SignedTransaction]) -> list[float]:
    """Send each once the one before is mined; return what each took, ms."""
    taken = []
    for one in transactions:
        started = time.perf_counter()
        chain.send(one.raw)
        assert await_receipt(chain, one.hash).succeeded
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def send_at_once(chain: Chain, transactions: Sequence[SignedTransaction]) -> list[float]:
    """Send all, then wait for the last of them; nothing is told of each."""
    for one in transactions:
        chain.send(one.raw)
    assert await_receipt(chain, transactions[-1].hash, PATIENCE).succeeded
    return []


def main(name: str, mode: str, count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="portseal-bench-") as folder, chain_named(name, Path(folder)) as (chain, _):
        account = Account.generate()
        address = deploy(chain, account)
        with Stopwatch() as signing:
            transactions = signed_calls(chain, account, address, count)
        before, node_cpu = chain.head().number, servers_cpu()
        with Stopwatch() as watch:
            taken = send_in_turn(chain, transactions) if mode == "seq" else send_at_once(chain, transactions)
        node_cpu = watch.cpu if name == "embedded" else servers_cpu() - node_cpu
        assert all(chain.storage(address, number) == words(number) for number in (1, count))
        receipt = chain.receipt(transactions[-1].hash)
        assert receipt
        metrics = {
            "tx_per_s": count / watch.wall,
            "node_cpu_ms_per_tx": 1000 * node_cpu / count,
            "client_cpu_ms_per_tx": 1000 * watch.cpu / count,
            "blocks": chain.head().number - before,
            "sign_tx_per_s": count / signing.wall,
            "rss_mb": peak_mb(),
        }
        if taken:
            metrics |= {"p50_ms": quantile(taken, 0.5), "p99_ms": quantile(taken, 0.99)}
        tell(metrics, n=count, gas=receipt.gas_used)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
