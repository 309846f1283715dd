import threading
from pathlib import Path
from typing import Any

from ledger.embedded import EmbeddedChain
from ledger.embedded.index import ADDRESS, term
from ledger.embedded.log_search import COUNT, FIND
from tests.chain.contracts import STORE, logger, words
from tests.chain.sender import Clock, Sender, ask
from tests.chain.wholeness import check_blocks

SENDERS = 6
EACH = 15


def test_many_threads_send_while_others_read(tmp_path: Path) -> None:
    clock = Clock()
    with EmbeddedChain.open(tmp_path, clock=clock, heartbeat=5.0) as chain:
        address = Sender().deploy(chain, logger(2))
        chain.start()
        done = threading.Event()
        faults: list[BaseException] = []
        hashes: list[str] = []

        def guarded(work: Any, *arguments: Any) -> None:
            try:
                work(*arguments)
            except BaseException as error:
                faults.append(error)

        def send(seed: int) -> None:
            sender = Sender(seed)
            for number in range(EACH):
                clock.now += 0.2
                hashes.append(sender.send(chain, to=address, data=words(seed, number)))

        def read() -> None:
            last = 0
            while not done.is_set():
                head = ask(chain, "eth_getBlockByNumber", "latest", False)
                number = int(head["number"], 16)
                assert number >= last
                last = number
                assert len(ask(chain, "eth_getBlockReceipts", head["number"])) == len(head["transactions"])
                ask(chain, "eth_call", {"to": address, "data": "0x" + words(1, 2).hex()}, head["number"])
                assert ask(chain, "eth_getProof", address, [], head["number"])["nonce"] == "0x1"

        writers = [threading.Thread(target=guarded, args=(send, seed)) for seed in range(2, 2 + SENDERS)]
        readers = [threading.Thread(target=guarded, args=(read,)) for _ in range(3)]
        for thread in (*writers, *readers):
            thread.start()
        for thread in writers:
            thread.join()
        for _ in range(300):
            clock.now += 1
            if all(ask(chain, "eth_getTransactionReceipt", one) for one in hashes):
                break
            done.wait(0.05)
        done.set()
        for thread in readers:
            thread.join()
        assert faults == []
        assert check_blocks(chain) == SENDERS * EACH + 1
        logs = ask(chain, "eth_getLogs", {"fromBlock": "0x0", "address": address})
        assert sorted(log["transactionHash"] for log in logs) == sorted(hashes)


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
    import sqlite3

    sender.deploy(chain, STORE)
    database = sqlite3.connect(tmp_path / "chain" / "chain.sqlite")
    queries = [
        (FIND.format(terms="?"), (term(ADDRESS, b""), 0, 9)),
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
