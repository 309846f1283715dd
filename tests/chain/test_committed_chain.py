"""The chain as a process beside its owner reads it from the file: the same answers, and none before its time."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.embedded import DEFAULT_CHAIN_ID, EmbeddedChain
from ledger.embedded.chain import CHAIN_FILE
from ledger.embedded.committed_chain import CommittedChain
from ledger.errors import Unavailable
from tests.chain.contracts import STORE, words
from tests.chain.sender import Clock, Sender, ask

NOBODY = "0x" + "42" * 20


def newest(chain: EmbeddedChain) -> bytes:
    return bytes.fromhex(ask(chain, "eth_getBlockByNumber", "latest", False)["hash"][2:])


@pytest.fixture
def address(chain: EmbeddedChain, sender: Sender) -> str:
    return sender.deploy(chain, STORE)


@pytest.fixture
def beside(chain: EmbeddedChain, tmp_path: Path) -> Iterator[CommittedChain]:
    opened = CommittedChain(tmp_path / "chain" / CHAIN_FILE, DEFAULT_CHAIN_ID)
    yield opened
    opened.close()


def test_every_answer_is_the_owners(chain: EmbeddedChain, sender: Sender, address: str, beside: CommittedChain) -> None:
    hashes = []
    for value in range(1, 6):
        sender.send(chain, to=address, data=words(value, value * 7))
        chain.mine()
        hashes.append(newest(chain))
        assert beside.show(hashes[-1])
    slots = [hex(value) for value in range(7)]
    for number in range(len(hashes) + 2):
        at = hex(number)
        asked: list[tuple[str, list[Any]]] = [
            ("eth_getBlockByNumber", [at, False]),
            ("eth_getBlockByNumber", [at, True]),
            ("eth_getProof", [address, slots, at]),
            ("eth_getProof", [NOBODY, [], at]),
            *(("eth_getStorageAt", [address, slot, at]) for slot in slots),
        ]
        for method, params in asked:
            assert beside.answer(method, params) == chain.request(method, params), (method, params)
    for block_hash in hashes:
        params = [f"0x{block_hash.hex()}", False]
        assert beside.block(block_hash) == chain.request("eth_getBlockByHash", params)


def test_a_block_that_the_owner_has_not_told_of_is_not_shown(
    chain: EmbeddedChain, sender: Sender, address: str, beside: CommittedChain
) -> None:
    assert beside.show(newest(chain))
    sender.send(chain, to=address, data=words(5, 6))
    number = hex(chain.mine())
    block_hash = f"0x{newest(chain).hex()}"
    for method, params in [
        ("eth_getBlockByNumber", [number, False]),
        ("eth_getBlockByHash", [block_hash, False]),
        ("eth_getStorageAt", [address, "0x5", number]),
        ("eth_getProof", [address, ["0x5"], number]),
    ]:
        assert beside.answer(method, params) is None
    assert beside.show(newest(chain))
    found = beside.answer("eth_getStorageAt", [address, "0x5", number])
    assert found is not None
    assert int(found["result"], 16) == 6


def test_an_older_block_hides_no_newer_one(chain: EmbeddedChain, beside: CommittedChain) -> None:
    older = newest(chain)
    chain.mine()
    assert beside.show(newest(chain))
    assert beside.show(older)
    assert beside.answer("eth_getBlockByNumber", ["0x1", False]) is not None


def test_a_hash_of_nothing_shows_nothing(chain: EmbeddedChain, beside: CommittedChain) -> None:
    chain.mine()
    for block_hash in (bytes(32), b"\x01" * 32):
        assert not beside.show(block_hash)
        assert beside.block(block_hash) is None
    assert beside.answer("eth_getBlockByNumber", ["0x1", False]) is None


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_getBlockByNumber", ["latest", False]),
        ("eth_getBlockByNumber", ["pending", False]),
        ("eth_getBlockByNumber", ["0x00", False]),
        ("eth_getBlockByNumber", ["0xzz", False]),
        ("eth_getBlockByNumber", ["0x0", "no"]),
        ("eth_getBlockByNumber", []),
        ("eth_getBlockByHash", ["0x12", False]),
        ("eth_getStorageAt", [NOBODY, "0x0"]),
        ("eth_getStorageAt", [NOBODY, "0x0", "latest"]),
        ("eth_getStorageAt", [NOBODY, "0x0", {"blockNumber": "0x0"}]),
        ("eth_getStorageAt", ["0x42", "0x0", "0x0"]),
        ("eth_getProof", [NOBODY, "0x0", "0x0"]),
        ("eth_call", [{"to": NOBODY}, "0x0"]),
        ("eth_estimateGas", [{"to": NOBODY}, "0x0"]),
        ("eth_getTransactionCount", [NOBODY, "0x0"]),
        ("eth_sendRawTransaction", ["0x00"]),
        ("eth_chainId", []),
        ("no_such", ["0x0"]),
    ],
)
def test_for_the_rest_the_owner_has_to_be_asked(beside: CommittedChain, method: str, params: list[Any]) -> None:
    assert beside.answer(method, params) is None


def test_nothing_can_be_written(chain: EmbeddedChain, beside: CommittedChain) -> None:
    with pytest.raises(Unavailable, match="readonly"):
        beside.view.database.rows("DELETE FROM entries")
    assert beside.show(newest(chain))


def test_the_owner_goes_on_and_ends_beside_readers(
    chain: EmbeddedChain, sender: Sender, address: str, beside: CommittedChain, tmp_path: Path
) -> None:
    """Readers never pause while the log is copied into the file; what they see is whole, and the owner closes."""
    ended, wrong = threading.Event(), list[object]()

    def read() -> None:
        while not ended.is_set():
            number = beside.view.head.block_number
            found = beside.answer("eth_getStorageAt", [address, "0x1", hex(number)])
            if found is None or int(found["result"], 16) != max(0, number - 1):
                wrong.append((number, found))

    assert beside.show(newest(chain))
    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for value in range(1, 140):
            sender.send(chain, to=address, data=words(1, value))
            chain.mine()
            assert beside.show(newest(chain))
    finally:
        ended.set()
    for reader in readers:
        reader.join()
    assert not wrong
    chain.close()
    # The file alone is the whole chain, though it is open here.
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / CHAIN_FILE).write_bytes((tmp_path / "chain" / CHAIN_FILE).read_bytes())
    with EmbeddedChain.open(tmp_path / "copy", clock=Clock()) as again:
        assert int(ask(again, "eth_getStorageAt", address, "0x1", "latest"), 16) == 139


@pytest.mark.parametrize("content", [None, b"", b"no database, though long enough to be read as one" * 100])
def test_a_file_that_is_no_chain(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / CHAIN_FILE
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Unavailable) as caught:
        CommittedChain(path, DEFAULT_CHAIN_ID)
    assert caught.value.code in ("embedded.database", "embedded.version")
    assert path.exists() is (content is not None)


def test_a_node_that_is_missing_is_asked_for(
    chain: EmbeddedChain, sender: Sender, address: str, tmp_path: Path
) -> None:
    root = ask(chain, "eth_getBlockByNumber", "latest", False)["stateRoot"]
    block_hash, number = newest(chain), ask(chain, "eth_blockNumber")
    chain.close()
    with sqlite3.connect(tmp_path / "chain" / CHAIN_FILE) as database:
        database.execute("DELETE FROM entries WHERE key = ?", (bytes.fromhex(root[2:]),))
    database.close()
    beside = CommittedChain(tmp_path / "chain" / CHAIN_FILE, DEFAULT_CHAIN_ID)
    assert beside.show(block_hash)
    assert beside.answer("eth_getStorageAt", [address, "0x1", number]) is None
    beside.close()
    assert beside.answer("eth_getBlockByNumber", [number, False]) is None
