"""The chain's owner, asked over HTTP, when another process owns the chain at another port by then."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from api.owners_chain import OwnersChain
from ledger.embedded import DEFAULT_CHAIN_ID
from ledger.embedded.server import RpcServer

Answer = dict[str, Any]


class Owner:
    """A process that owns the chain: it tells its name, to a `slow` request once it is let."""

    def __init__(self, name: str) -> None:
        self._name, self._let = name, threading.Event()
        self.asked = threading.Event()
        self.server = RpcServer(self)  # type: ignore[arg-type]
        self.server.start()

    def request(self, method: str, _: Any = ()) -> Answer:
        if method == "slow":
            self.asked.set()
            assert self._let.wait(60)
        return {"jsonrpc": "2.0", "result": self._name}

    def let(self) -> None:
        self._let.set()

    @property
    def connections(self) -> int:
        """How many connections we have to it."""
        port = int(self.server.url.rpartition(":")[2])
        return sum(bool(one.raddr) and one.raddr.port == port for one in psutil.Process().net_connections("tcp4"))


@pytest.fixture
def owners() -> Iterator[list[Owner]]:
    both = [Owner("first"), Owner("second")]
    yield both
    for one in both:
        one.let()
        one.server.close()


@pytest.fixture
def chain(owners: list[Owner], tmp_path: Path) -> Iterator[OwnersChain]:
    (tmp_path / "rpc.url").write_text(owners[0].server.url)
    chain = OwnersChain(tmp_path / "rpc.url", tmp_path, DEFAULT_CHAIN_ID)
    yield chain
    chain.close()


def ask(chain: OwnersChain, method: str = "quick") -> str:
    answered: str = chain(method, [])["result"]
    return answered


def test_connections_to_who_owns_it_no_more_are_closed(owners: list[Owner], chain: OwnersChain, tmp_path: Path) -> None:
    first, second = owners
    assert ask(chain) == "first"
    assert first.connections == 1
    (tmp_path / "rpc.url").write_text(second.server.url)
    assert ask(chain) == "first", "as long as it answers"
    first.server.close()
    assert ask(chain) == "second"
    assert (first.connections, second.connections) == (0, 1)
    chain.close()
    assert second.connections == 0


def test_who_still_waits_for_the_former_owner_is_answered(
    owners: list[Owner], chain: OwnersChain, tmp_path: Path
) -> None:
    first, second = owners
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, chain, "slow")
        assert first.asked.wait(60)
        (tmp_path / "rpc.url").write_text(second.server.url)
        with chain._owner(anew=True) as node:
            assert node.url == second.server.url
        assert first.connections == 1
        first.let()
        assert waiting.result(60) == "first"
    assert first.connections == 0


def test_many_at_once_find_one_owner(owners: list[Owner], chain: OwnersChain, tmp_path: Path) -> None:
    first, second = owners
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: ask(chain), range(50))) == {"first"}
        (tmp_path / "rpc.url").write_text(second.server.url)
        first.server.close()
        assert set(pool.map(lambda _: ask(chain), range(50))) == {"second"}
    assert first.connections == 0
    chain.close()
    assert second.connections == 0
