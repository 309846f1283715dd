"""The chains that benches run on: embedded, anvil, and geth with three Clique signers; all with a block each second."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ledger.chain import Chain
from ledger.consortium import ConsortiumKeys, establish
from ledger.embedded import EmbeddedChain
from ledger.finality.form import CHECKPOINT, Clique, Form
from tests.consortium import PLAN, Consortium
from tests.servers.anvil import Anvil
from tests.servers.clique import CliqueNetwork

CHAINS = ("embedded", "anvil", "clique")

_TICKS = os.sysconf("SC_CLK_TCK")

Wrap = Callable[[Any], Any]


@contextmanager
def chain_named(name: str, directory: Path, wrap: Wrap = lambda transport: transport) -> Iterator[tuple[Chain, Form]]:
    """Run a chain and give it, with the form of finality that suits it; `wrap` may count what goes to the node."""
    directory.mkdir(parents=True, exist_ok=True)
    if name == "embedded":
        with EmbeddedChain.open(directory / "embedded", clock=time.time) as embedded:
            embedded.start()
            yield Chain(wrap(embedded.request)), CHECKPOINT
        return
    with Anvil(directory) if name == "anvil" else CliqueNetwork(directory) as server:
        http = Chain.http(server.rpc if isinstance(server, Anvil) else server.rpc[0], timeout=60)
        form = CHECKPOINT if isinstance(server, Anvil) else Clique(tuple(server.signers))
        try:
            yield Chain(wrap(http.transport)), form
        finally:
            http.close()


@contextmanager
def consortium_on(name: str, directory: Path, wrap: Wrap = lambda transport: transport) -> Iterator[Consortium]:
    """Run a chain with the tests' consortium on it, by the machine's clock."""
    with chain_named(name, directory, wrap) as (chain, form):
        keys = ConsortiumKeys.generate(PLAN)
        network = establish(chain, PLAN, keys, name=f"bench-{name}", finality=form)
        yield Consortium(directory, None, time.time, chain, keys, network, network.registries(chain))  # type: ignore[arg-type]


def servers_cpu() -> float:
    """Return the processor time that all servers which this process runs have used, seconds (proc(5))."""
    return sum(map(_processor_seconds, _descendants(os.getpid())), 0.0)


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, _text(task / "children").split()):
            yield child
            yield from _descendants(child)


def _processor_seconds(pid: int) -> float:
    fields = _text(Path(f"/proc/{pid}/stat")).rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _text(path: Path) -> str:
    # Threads come and go while we read.
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii")
    return ""
