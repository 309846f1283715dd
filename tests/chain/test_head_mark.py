"""The mark of the newest block: nobody is told of a block before it is marked, and it is none's once nobody mines."""

import threading
import time
from pathlib import Path

import pytest

from ledger.embedded import EmbeddedChain
from ledger.embedded.head_mark import NONE, HeadMark, SeenMark, place
from tests.chain.sender import Clock, ask


def newest(chain: EmbeddedChain) -> bytes:
    return bytes.fromhex(ask(chain, "eth_getBlockByNumber", "latest", False)["hash"][2:])


def test_it_is_the_newest_block_from_opening_to_closing(tmp_path: Path, clock: Clock) -> None:
    with EmbeddedChain.open(tmp_path, clock=clock) as chain:
        seen = SeenMark(tmp_path)
        marks = [seen.read()]
        assert marks == [newest(chain)]
        for _ in range(3):
            chain.mine()
            marks.append(seen.read())
            assert marks[-1] == newest(chain)
        assert len(set(marks)) == 4
    assert seen.read() == NONE


def test_who_has_it_mapped_sees_the_next_owner_too(tmp_path: Path, clock: Clock) -> None:
    with EmbeddedChain.open(tmp_path, clock=clock):
        seen = SeenMark(tmp_path)
    with EmbeddedChain.open(tmp_path, clock=clock) as chain:
        assert seen.read() == newest(chain)
        chain.mine()
        assert seen.read() == newest(chain)


def test_what_a_killed_owner_left_is_corrected_at_the_next_opening(tmp_path: Path, clock: Clock) -> None:
    with EmbeddedChain.open(tmp_path, clock=clock) as chain:
        chain.mine()
    HeadMark(tmp_path).write(b"o" * 32)
    with EmbeddedChain.open(tmp_path, clock=clock) as chain:
        assert SeenMark(tmp_path).read() == newest(chain)


def test_a_file_that_was_cut_short_is_filled_up(tmp_path: Path, clock: Clock) -> None:
    place(tmp_path).write_bytes(b"")
    with EmbeddedChain.open(tmp_path, clock=clock) as chain:
        assert place(tmp_path).stat().st_size == 32
        assert SeenMark(tmp_path).read() == newest(chain)


def test_who_hears_of_a_block_waits_until_it_can_be_read(chain: EmbeddedChain, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process sees the mark and asks at once; the owner is not done with the block."""
    found: list[object] = []
    askers: list[threading.Thread] = []
    write = HeadMark.write

    def told(mark: HeadMark, block_hash: bytes) -> None:
        write(mark, block_hash)
        asker = threading.Thread(target=lambda: found.append(ask(chain, "eth_getBlockByNumber", "0x1", False)))
        asker.start()
        asker.join(0.3)
        askers.append(asker)

    monkeypatch.setattr(HeadMark, "write", told)
    chain.mine()
    monkeypatch.undo()
    [asker] = askers
    asker.join()
    [block] = found
    assert block is not None


def until_told_of(block: bytes, told: list[tuple[bytes, bytes]]) -> None:
    """Wait until a reader was told of the newest block: so they read between others and not only after the last."""
    while all(one != block for one, _ in told[-2:]):
        time.sleep(0.001)


def test_nobody_is_told_of_a_block_that_is_not_marked(chain: EmbeddedChain, tmp_path: Path) -> None:
    """Readers ask without a pause while blocks are made: each mark that they see is of the block told, or a later."""
    numbers = {newest(chain): 0}
    told: list[tuple[bytes, bytes]] = []
    seen, ended = SeenMark(tmp_path / "chain"), threading.Event()

    def read() -> None:
        while not ended.is_set():
            told.append((newest(chain), seen.read()))

    readers = [threading.Thread(target=read, daemon=True) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 61):
            chain.mine()
            numbers[newest(chain)] = number
            if number % 20 == 10:
                until_told_of(newest(chain), told)
    finally:
        ended.set()
    for reader in readers:
        reader.join()
    assert len(numbers) == 61
    assert all(numbers[block] <= numbers[mark] for block, mark in told)
