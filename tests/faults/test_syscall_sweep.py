"""Each system call on the database and on the folder store fails once, or is the last: what was accepted is final once.

A small load runs under strace with EIO, ENOSPC or SIGKILL at the n-th call. Then the node starts again, undisturbed.
PORTSEAL_LONG=1 takes every n; otherwise a sample, whose seed is printed (PORTSEAL_SEED asks for it again).
"""

import itertools
import os
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from anchors import merkle
from anchors.database import State
from anchors.pipeline.worker import TRACKS, is_idle
from ledger.errors import PortsealError
from tests.anchors.pipeline_node import PipelineNode
from tests.consortium import Consortium
from tests.faults.test_pipeline_kill import MovingClock, leaves_on_chain, running_node
from tests.faults.traced import CALLS, counted, require_strace, traced
from tests.long import LONG
from tests.tables import Table

TITLE = "System calls that failed"
FAULTS = ("error=EIO", "error=ENOSPC", "signal=SIGKILL")
SAMPLE = 2  # points of each part and fault
_ROUNDS = 60

Point = tuple[str, str, int]
"""The call, the fault, and which of the calls."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200 if LONG else 900)]


@dataclass(frozen=True)
class Part:
    """What is disturbed: a name, and its files below a node's folder."""

    name: str
    files: Sequence[str]


DATABASE = Part("database", ("portseal.db", "portseal.db-wal", "portseal.db-journal"))
PACKS = Part("folder store", ("payloads/packs", *(f"payloads/packs/{number:032x}.part" for number in range(20))))
INDEX = Part("its index", ("payloads/index.sqlite", "payloads/index.sqlite-wal"))


@dataclass(frozen=True)
class Load:
    """A node's folder that is copied for each run, and what to run there."""

    template: Consortium
    directory: Path
    clock: MovingClock

    def copy(self, name: str) -> Path:
        target = self.directory.with_name(name)
        shutil.copytree(self.directory, target)
        return target

    def run(self, directory: Path) -> None:
        """Accept two groups, move all on, and write down each digest once its call has returned."""
        names = itertools.count()
        # Unfinished packs get names that strace can be told beforehand.
        _patch("anchors.stores.pack", lambda _size: f"{next(names):032x}")
        with running_node(self.template, directory, self.clock) as node, (directory / "printed").open("a") as out:
            for count in (1, 2):
                for one in node.registrar.accept([node.registration() for _ in range(count)]):
                    if not isinstance(one, PortsealError):
                        out.write(one.digest.hex() + "\n")
                        out.flush()
                move_on(node, count * 2)
            move_on(node, _ROUNDS)


def _patch(module: str, token: Callable[[int], str]) -> None:
    import importlib
    from types import SimpleNamespace

    importlib.import_module(module).secrets = SimpleNamespace(token_hex=token)  # type: ignore[attr-defined]


def move_on(node: PipelineNode, rounds: int) -> None:
    """Make every step in this thread, which is the one that strace sees; what fails is tried again next time."""
    for _ in range(rounds):
        for _name, step in itertools.chain(*TRACKS.values()):
            try:
                step(node.resources)
            except PortsealError:
                continue
        try:
            if is_idle(node.database):
                return
        except PortsealError:
            continue


@pytest.fixture(scope="module")
def load(consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Load:
    require_strace()
    directory = tmp_path_factory.mktemp("swept") / "template"
    shutil.copytree(consortium_template.directory / "chain", directory / "chain")
    clock = MovingClock()
    with running_node(consortium_template, directory, clock) as node:
        node.tenant()
    return Load(consortium_template, directory, clock)


def paths(part: Part, directory: Path) -> list[Path]:
    return [directory / "node" / file for file in part.files]


def points(load: Load, part: Part, fault: str) -> list[Point]:
    """Every call of an undisturbed run, with the fault; in random order unless the run is long."""
    directory = load.copy(f"count-{part.name}-{fault}")
    log = directory / "calls"
    assert traced(lambda: load.run(directory), log, paths(part, directory)) == 0
    assert judged(load, directory) == 3
    counts = counted(log)
    assert counts["fsync"] + counts["fdatasync"] > 2
    calls = [(call, number) for call in CALLS for number in range(1, counts[call] + 1)]
    seed = int(os.environ.get("PORTSEAL_SEED") or random.randrange(2**32))
    print(f"{part.name}: {len(calls)} calls {dict(counts)}, PORTSEAL_SEED={seed}")
    tried = calls if LONG else random.Random(seed).sample(calls, len(calls))
    return [(call, fault, number) for call, number in tried]


def judged(load: Load, directory: Path) -> int:
    """Start again, undisturbed, and look: each promised document is final, all leaves are once on the chain."""
    promised = {bytes.fromhex(line) for line in (directory / "printed").read_text().split()}
    with running_node(load.template, directory, load.clock) as node:
        node.run()
        on_chain = leaves_on_chain(node)
        with node.database.engine.connect() as connection:
            kept = {row[0] for row in connection.exec_driver_sql("SELECT digest FROM documents")}
            [[sealed]] = connection.exec_driver_sql("SELECT count(*) FROM sealed_payloads").all()
        assert promised <= kept
        assert kept == set(on_chain)
        assert set(on_chain.values()) <= {1}
        assert sealed == 0
        for digest in kept:
            record = node.record(digest)
            assert record.state is State.FINAL
            assert record.batch is not None
            place = record.batch
            assert merkle.verify_inclusion(digest, place.index, place.size, place.path, place.root)
            assert node.payloads.get(digest)
    return len(promised)


@dataclass(frozen=True)
class Run:
    """How a disturbed run ended: by itself (0, or 1 where the node could not start) or by a signal (negative).

    promised: documents for which it had said that they are accepted. happened: no two runs make exactly the same
    calls, so the last ones of one may never come in another.
    """

    code: int
    promised: int
    happened: bool


Disturbed = Callable[[Part, Point], Run]
"""Runs the load with one fault, and judges what is left."""


@pytest.fixture
def at(load: Load) -> Disturbed:
    names = itertools.count()

    def disturbed(part: Part, point: Point) -> Run:
        call, fault, number = point
        directory = load.copy(f"{part.name}-{fault}-{next(names)}")
        (directory / "printed").touch()
        inject = f"{call}:{fault}:when={number}"
        ended = traced(lambda: load.run(directory), directory / "calls", paths(part, directory), inject)
        happened = "INJECTED" in (directory / "calls").read_text(errors="replace") or ended == -9
        promised = judged(load, directory)
        shutil.rmtree(directory)
        return Run(ended, promised, happened)

    return disturbed


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("part", [DATABASE, PACKS, INDEX], ids=lambda part: part.name)
def test_every_accepted_document_is_final_once(load: Load, at: Disturbed, table: Table, part: Part, fault: str) -> None:
    runs: list[Run] = []
    for point in points(load, part, fault):
        if not LONG and (len(runs) == 4 * SAMPLE or sum(run.happened for run in runs) == SAMPLE):
            break
        print(point, end=" ", flush=True)
        runs.append(at(part, point))
        print(runs[-1])
    happened = [run for run in runs if run.happened]
    assert len(happened) > len(runs) / 2 if LONG else len(happened) == SAMPLE
    table(
        TITLE,
        part=part.name,
        fault=fault.partition("=")[2],
        times=len(happened),
        killed=sum(run.code == -9 for run in happened),
        promised=sum(run.promised for run in happened),
    )
