"""A device at the gate, and packs of a small consortium to give it: each of a later block than the one before."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from api.device.device import Device
from ledger.document_registry import Status, StatusChange
from ledger.envelope import Envelope
from ledger.failpoint import VARIABLE
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.verifier.chain_case import ISSUER, Case
from tests.verifier.file_twin import file_of
from verifier.pack.body import compress, pack_body
from verifier.pack.file import PackFile
from verifier.pack.opened import Pack
from verifier.subject import Subject

BY = "cn.customs"
_APPLY = """
import sys
from pathlib import Path
from api.device.device import Device
Device(Path(sys.argv[1])).apply(Path(sys.argv[2]).read_bytes())
"""


@dataclass
class Packs:
    """files: packs 1 to 3, whole. genuine: valid and in use throughout; revoked: from pack 2 on."""

    case: Case
    genuine: Envelope = field(init=False)
    revoked: Envelope = field(init=False)
    files: list[bytes] = field(default_factory=list)
    packs: list[Pack] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.genuine, self.revoked = self.case.anchored(), self.case.anchored()
        self.evidence = {
            one.digest: file_of(self.case, Subject.presented(one.serialize())).encode()
            for one in (self.genuine, self.revoked)
        }
        self._make()
        self._set(self.revoked, Status.REVOKED)
        self._make()
        self._set(self.case.anchored(), Status.SUSPENDED)
        self._make()

    def _set(self, envelope: Envelope, status: Status) -> None:
        change = StatusChange(ISSUER, envelope.digest, status)
        self.case.act(self.case.consortium.registries.document.set_status(change))

    def _make(self) -> None:
        self.packs.append(self.case.packs.newest())
        self.files.append(self.case.packs.files[-1].encode())

    def delta(self, since: int, to: int) -> bytes:
        """What was added to one pack (from 1) up to another."""
        base, whole = self.packs[since - 1], self.packs[to - 1]
        added = whole.content.after(base.head.counts, base.head.hours[1])
        file = self.case.packs.files[to - 1]
        return PackFile(file.head, file.proof, compress(pack_body(added)), base.hash).encode()

    def enrolled(self, folder: Path) -> Device:
        """A new device, whose clock is that of the chain."""
        trust = json.dumps(self.case.roots.to_json()).encode()
        Device.enrol(folder, BY, trust, PrivateKey.generate(Algorithm.ED25519))
        return Device(folder, self.case.consortium.clock)


def die_at(point: str, folder: Path, file: Path) -> None:
    """Apply a pack in a process that is killed at a failpoint."""
    environment = {**os.environ, VARIABLE: f"{point}=kill"}
    done = subprocess.run([sys.executable, "-c", _APPLY, str(folder), str(file)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
