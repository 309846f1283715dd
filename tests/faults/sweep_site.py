"""Where a kill sweep takes place: a chain, a database, a folder, and the lives of a node that each end in one way."""

import faulthandler
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import delete

from anchors.database.models import MarkRow
from anchors.fsck.examination import Examination
from anchors.lease import Leases
from anchors.pipeline.registration import Registration
from anchors.pipeline.worker import Worker, is_idle
from anchors.replicas.audit_thread import AuditThread
from ledger import failpoint
from ledger.account import Account
from ledger.transaction import Call, sign
from tests.anchors.examined import scene_of
from tests.anchors.pipeline_node import PipelineNode

NOT_REACHED = 3
WRONG = 4
_LIFE = 60.0
_CARE = 7.0
_GROUPS = 4
_LEASE = 1.5


class Site:
    """`opened` opens the node as a process has it: only what is on the disk and on the chain is there."""

    def __init__(self, directory: Path, account: Account, opened: Callable[[], AbstractContextManager[PipelineNode]]):
        self.directory = directory
        self.account = account
        self._opened = opened
        self._cosigners: Any = None

    @property
    def promised(self) -> set[bytes]:
        """The digests for which a 202 came."""
        path = self.directory / "promised"
        return {bytes.fromhex(line) for line in path.read_text().split()} if path.exists() else set()

    def life(self, armed: str) -> int:
        """Run a life in a process of its own; return its exit code. One that finds something wrong says what."""
        process = multiprocessing.get_context("fork").Process(target=self._child, args=(armed,))
        process.start()
        process.join(3 * _LIFE)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise AssertionError(f"{armed}: the process hangs\n{self.log()}")
        return process.exitcode

    def log(self) -> str:
        """What the last life had to say."""
        path = self.directory / "log"
        return path.read_text() if path.exists() else ""

    @contextmanager
    def node(self) -> Iterator[PipelineNode]:
        """The node, with leases that last as short as a test's patience."""
        with self._opened() as node:
            leases = Leases(node.database, clock=node.consortium.clock, seconds=_LEASE)
            node.resources = replace(node.resources, account=self.account, leases=leases)
            # Who may cosign is read once, in a hundred calls, and not in each life.
            rosters, head = node.finality._rosters, node.chain.head()
            rosters._known = rosters._known or self._cosigners
            rosters.at(head.timestamp, head.number)
            self._cosigners = rosters._known
            yield node

    def _child(self, armed: str) -> None:
        code = WRONG
        # One that hangs says where.
        hanging = (self.directory / "log").open("w")
        faulthandler.dump_traceback_later(2 * _LIFE, file=hanging)
        try:
            code = self._live(armed)
        except BaseException:
            (self.directory / "log").write_text(f"{armed}\n{traceback.format_exc()}")
        finally:
            # Not `exit`: threads and fixtures of the parent are no business of this process.
            os._exit(code)

    def _live(self, armed: str) -> int:
        with self.node() as node:
            # What the last life left, before anything of it moves on.
            if wrong := examined(node):
                (self.directory / "log").write_text(f"before {armed}\n" + "\n".join(wrong))
                return WRONG
            failpoint.arm({failpoint.VARIABLE: armed})
            if armed.startswith("confirm.freed"):
                _displace(node)
            if armed.startswith("audit"):
                _forget_last_audit(node)
            worker = Worker(node.resources)
            node.resources.leases.start()
            worker.start()
            audit = AuditThread(node.database, node.replicas, node.resources.leases)
            audit.start()
            self._load(node, worker)
            began = time.monotonic()
            while time.monotonic() - began < _LIFE and not went_off():
                # What looks after the rest comes by each second.
                if is_idle(node.database) and time.monotonic() - began > _CARE:
                    break
                time.sleep(0.05)
            audit.stop()
            with suppress(failpoint.FailpointError):
                worker.stop()
        return 0 if went_off() else NOT_REACHED

    def _load(self, node: PipelineNode, worker: Worker) -> None:
        with (self.directory / "promised").open("a", buffering=1) as out:
            for group in range(_GROUPS):
                try:
                    accepted = node.accept(*[_registration(node, place) for place in range(1 + group % 3)])
                    promised = [*(one.digest for one in accepted), *node.accept_reports(1)]
                except failpoint.FailpointError:
                    continue
                for digest in promised:
                    out.write(digest.hex() + "\n")
                worker.notify()
                time.sleep(0.1)


def _registration(node: PipelineNode, place: int) -> Registration:
    """Every second one has a gate statement: a leaf of its own."""
    return node.registration() if place % 2 else node.gated()


def went_off() -> bool:
    """Whether everything that is armed has gone off."""
    return all(armed._left <= 0 for armed in failpoint._armed.values())


def examined(node: PipelineNode) -> list[str]:
    """What fsck finds, a line each."""
    examination = Examination()
    told = list(examination.run(scene_of(node)))
    found = [f"{one.finding.code} {one.finding.where}: {one.finding.detail}" for one in told]
    return found + [f"{name} unchecked: {error}" for name, error in examination.unchecked.items()]


def killed(code: int) -> bool:
    """Whether a process ended as `kill -9` ends it."""
    return code == -signal.SIGKILL


def _forget_last_audit(node: PipelineNode) -> None:
    """Have the next pass begin at once: for small stores it is minutes away."""
    with node.database.write() as session:
        session.execute(delete(MarkRow).where(MarkRow.name.like("begun %")))


def _displace(node: PipelineNode) -> None:
    """Use the nonce of a transaction that is signed and not sent: somebody else has the account's key."""
    from anchors.pipeline import batch, store
    from anchors.pipeline import sign as sign_step

    node.accept(node.registration())
    for step in (store.step, batch.step, sign_step.step):
        node.step(step)
    account, chain = node.resources.account, node.chain
    nonce = chain.nonce(account.address)
    chain.send(sign(account, Call(account.address, b""), nonce=nonce, chain_id=chain.chain_id).raw)
