"""The newest block of the embedded chain in a process beside its owner: asked for when there is another one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.owners_chain import OwnersChain
from api.owners_file import OwnersFile
from api.owners_head import AGAIN, OwnersHead, Response
from ledger.chain import Chain
from ledger.embedded import DEFAULT_CHAIN_ID, EmbeddedChain
from ledger.embedded.chain import CHAIN_FILE
from ledger.embedded.head_mark import HeadMark, place
from ledger.embedded.server import RpcServer
from ledger.errors import Unavailable
from tests.chain.sender import Clock


class Owner:
    """The owner of a chain, and how often it was asked for the newest block."""

    def __init__(self, chain: EmbeddedChain) -> None:
        self.chain, self.asked = chain, 0

    def __call__(self) -> Response:
        self.asked += 1
        return self.chain.request("eth_getBlockByNumber", ["latest", False])


def beside(directory: Path, clock: Clock | None = None) -> OwnersHead:
    return OwnersHead(directory, OwnersFile(directory / CHAIN_FILE, DEFAULT_CHAIN_ID), clock or Clock())


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[EmbeddedChain]:
    with EmbeddedChain.open(tmp_path, clock=Clock()) as opened:
        yield opened


def number(response: Response) -> int:
    return int(response["result"]["number"], 16)


def test_it_is_asked_for_once_and_each_next_one_is_read(chain: EmbeddedChain, tmp_path: Path) -> None:
    head, owner = beside(tmp_path), Owner(chain)
    for block in range(5):
        assert [number(head.known(owner)) for _ in range(3)] == [block] * 3
        assert head.known(owner)["result"] == owner.chain.request("eth_getBlockByNumber", ["latest", False])["result"]
        assert owner.asked == 1
        chain.mine()


def test_blocks_that_are_read_do_not_hide_that_the_owner_is_gone(chain: EmbeddedChain, tmp_path: Path) -> None:
    clock, owner = Clock(), Owner(chain)
    head = beside(tmp_path, clock)
    head.known(owner)
    for _ in range(3):
        clock.now += AGAIN / 4
        chain.mine()
        head.known(owner)
    assert owner.asked == 1
    clock.now += AGAIN / 4
    head.known(owner)
    assert owner.asked == 2


def test_a_chain_put_back_from_a_backup_is_the_one_that_is_read(tmp_path: Path) -> None:
    directory, backup = tmp_path / "chain", tmp_path / "backup"
    with EmbeddedChain.open(backup, clock=Clock(1_900_000_000.0)) as other:
        other.mine()
        expected = other.request("eth_getBlockByNumber", ["0x1", False])
    file, clock = OwnersFile(directory / CHAIN_FILE, DEFAULT_CHAIN_ID), Clock()
    head = OwnersHead(directory, file, clock)
    with EmbeddedChain.open(directory, clock=Clock()) as chain:
        chain.mine()
        mine = head.known(Owner(chain))
        assert file.answer("eth_getBlockByNumber", ["0x1", False]) == mine
    directory.rename(tmp_path / "old")
    backup.rename(directory)
    with EmbeddedChain.open(directory, clock=Clock(1_900_000_001.0)) as other:
        clock.now += AGAIN
        assert head.known(Owner(other)) == expected != mine
        assert file.answer("eth_getBlockByNumber", ["0x1", False]) == expected
        # Nor does closing the old file take the log away from the new one.
        other.mine()
        clock.now += AGAIN
        assert number(head.known(Owner(other))) == 2
        assert file.answer("eth_getBlockByNumber", ["0x2", False]) is not None
    with EmbeddedChain.open(directory, clock=Clock(1_900_000_002.0)) as other:
        assert number(Owner(other)()) == 2
    file.close()
    assert file.answer("eth_getBlockByNumber", ["0x1", False]) is None


def test_without_the_file_each_block_is_asked_for(chain: EmbeddedChain, tmp_path: Path) -> None:
    owner = Owner(chain)
    head = OwnersHead(tmp_path, OwnersFile(tmp_path / "none.sqlite", DEFAULT_CHAIN_ID), Clock())
    for block in range(3):
        assert [number(head.known(owner)) for _ in range(3)] == [block] * 3
        assert owner.asked == block + 1
        chain.mine()


def test_it_is_asked_for_again_after_a_while(chain: EmbeddedChain, tmp_path: Path) -> None:
    clock, owner = Clock(), Owner(chain)
    head = beside(tmp_path, clock)
    head.known(owner)
    clock.now += AGAIN - 0.01
    head.known(owner)
    assert owner.asked == 1
    clock.now += 0.01
    head.known(owner)
    assert owner.asked == 2


def test_who_owns_it_no_more_is_asked_at_once(chain: EmbeddedChain, tmp_path: Path) -> None:
    head, owner = beside(tmp_path), Owner(chain)
    head.known(owner)
    chain.close()
    assert "error" in head.known(owner)
    assert "error" in head.known(owner)
    assert owner.asked == 3


def test_an_answer_that_is_behind_the_mark_is_given_and_not_kept(chain: EmbeddedChain, tmp_path: Path) -> None:
    head, owner = beside(tmp_path), Owner(chain)
    behind = owner()

    def answered_late() -> Response:
        chain.mine()
        return behind

    assert number(head.known(answered_late)) == 0
    assert number(head.known(owner)) == 1


@pytest.mark.parametrize("left", [None, b"", b"short"])
def test_without_a_mark_it_is_always_asked_for(chain: EmbeddedChain, tmp_path: Path, left: bytes | None) -> None:
    other = tmp_path / "other"
    other.mkdir()
    if left is not None:
        place(other).write_bytes(left)
    head, owner = beside(other), Owner(chain)
    for _ in range(3):
        head.known(owner)
    assert owner.asked == 3


@pytest.mark.parametrize(
    "answer", [{"error": {"message": "no"}}, {"result": None}, {"result": {}}, {"result": [1]}, {}]
)
def test_what_is_no_block_is_not_kept(chain: EmbeddedChain, tmp_path: Path, answer: dict[str, Any]) -> None:
    head = beside(tmp_path)
    asked = []
    for _ in range(2):
        assert head.known(lambda: (asked.append(1), answer)[1]) is answer
    assert len(asked) == 2


def test_over_http_what_was_written_is_in_the_next_answer(chain: EmbeddedChain, tmp_path: Path) -> None:
    server = RpcServer(chain)
    server.start()
    (tmp_path / "rpc.url").write_text(server.url)
    owners = OwnersChain(tmp_path / "rpc.url", tmp_path, DEFAULT_CHAIN_ID)
    seen = Chain(owners)
    for block in range(20):
        assert [seen.head().number, seen.head().number] == [block, block]
        chain.mine()
    # A mark of before: the owner was killed, and another process owns the chain at another port by now.
    seen.head()
    server.close()
    HeadMark(tmp_path).write(b"o" * 32)
    with pytest.raises(Unavailable, match="cannot be reached"):
        seen.head()
    owners.close()
