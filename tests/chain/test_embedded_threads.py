import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ledger.embedded import EmbeddedChain
from ledger.embedded.index import ADDRESS, term
from ledger.embedded.log_search import COUNT, FIND
from tests.chain.contracts import STORE, logger, words
from tests.chain.sender import Clock, Sender, ask
from tests.chain.wholeness import check_blocks

SENDERS = 6
EACH = 15


class Crowd:
    """Threads that send and read at once; what goes wrong in one is kept."""

    def __init__(self, chain: EmbeddedChain, address: str, clock: Clock) -> None:
        self.chain, self.address, self.clock = chain, address, clock
        self.done = threading.Event()
        self.faults: list[BaseException] = []
        self.hashes: list[str] = []

    def start(self, work: Callable[..., None], *arguments: int) -> threading.Thread:
        thread = threading.Thread(target=self._guarded, args=(work, *arguments))
        thread.start()
        return thread

    def _guarded(self, work: Callable[..., None], *arguments: int) -> None:
        try:
            work(*arguments)
        except BaseException as error:
            self.faults.append(error)

    def send(self, seed: int) -> None:
        sender = Sender(seed)
        for number in range(EACH):
            self.clock.now += 0.2
            self.hashes.append(sender.send(self.chain, to=self.address, data=words(seed, number)))

    def read(self) -> None:
        last = 0
        while not self.done.is_set():
            head = ask(self.chain, "eth_getBlockByNumber", "latest", False)
            number = int(head["number"], 16)
            assert number >= last
            last = number
            assert len(ask(self.chain, "eth_getBlockReceipts", head["number"])) == len(head["transactions"])
            ask(self.chain, "eth_call", {"to": self.address, "data": "0x" + words(1, 2).hex()}, head["number"])
            assert ask(self.chain, "eth_getProof", self.address, [], head["number"])["nonce"] == "0x1"

    def wait_until_mined(self) -> None:
        end = time.monotonic() + 120
        while not all(ask(self.chain, "eth_getTransactionReceipt", one) for one in self.hashes):
            assert time.monotonic() < end
            self.clock.now += 1
            time.sleep(0.05)


def test_many_threads_send_while_others_read(tmp_path: Path) -> None:
    clock = Clock()
    with EmbeddedChain.open(tmp_path, clock=clock, heartbeat=5.0) as chain:
        crowd = Crowd(chain, Sender().deploy(chain, logger(2)), clock)
        chain.start()
        readers = [crowd.start(crowd.read) for _ in range(3)]
        for thread in [crowd.start(crowd.send, seed) for seed in range(2, 2 + SENDERS)]:
            thread.join()
        try:
            crowd.wait_until_mined()
        finally:
            crowd.done.set()
        for thread in readers:
            thread.join()
        assert crowd.faults == []
        assert check_blocks(chain) == SENDERS * EACH + 1
        logs = ask(chain, "eth_getLogs", {"fromBlock": "0x0", "address": crowd.address})
        assert sorted(log["transactionHash"] for log in logs) == sorted(crowd.hashes)


def test_one_sender_from_many_threads_gives_each_nonce_once(chain: EmbeddedChain, sender: Sender) -> None:
    raws = [sender.raw(nonce=nonce, to=sender.address) for nonce in range(20) for _ in range(3)]
    answers: list[dict] = []
    threads = [
        threading.Thread(
            target=lambda part=part: answers.extend(chain.request("eth_sendRawTransaction", [r]) for r in part)
        )
        for part in (raws[0::3], raws[1::3], raws[2::3])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("result" in answer for answer in answers) == 20
    assert all(answer["error"]["message"] == "already known" for answer in answers if "error" in answer)
    chain.mine()
    assert ask(chain, "eth_getTransactionCount", sender.address, "latest") == hex(20)


def test_look_ups_never_scan(chain: EmbeddedChain, sender: Sender, tmp_path: Path) -> None:
    sender.deploy(chain, STORE)
    database = sqlite3.connect(tmp_path / "chain" / "chain.sqlite")
    queries = [
        (FIND.format(terms="?"), (term(ADDRESS, b""), 0, 9, 10)),
        (COUNT.format(terms="?, ?"), (1, 2, 0, 9, 10)),
        ("SELECT * FROM transactions WHERE block <= ? AND hash = ?", (9, b"")),
        ("SELECT * FROM logs WHERE block = ? AND log >= ? ORDER BY log LIMIT ?", (1, 0, -1)),
        ("SELECT value FROM entries WHERE key = ?", (b"",)),
    ]
    for query, parameters in queries:
        plan = [row[3] for row in database.execute("EXPLAIN QUERY PLAN " + query, parameters)]
        assert all("SEARCH" in step or "CO-ROUTINE" in step or "subquery" in step or "TEMP" in step for step in plan), (
            plan
        )
    database.close()
