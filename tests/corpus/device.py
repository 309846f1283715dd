"""A device at the gate that has taken the newest pack of its ground."""

import json
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

from api.device.device import Device
from ledger.errors import Refused
from tests.verifier.pack_twin import BY
from tests.verifier.world import key_named
from verifier.pack.file import PackFile
from verifier.pack.opened import Pack


class SeenNewest:
    """One for all attempts on a ground that is settled: making one takes as long as the disk takes."""

    def __init__(self, ground: Any) -> None:
        self._folder = Path(mkdtemp())
        finalize(self, rmtree, self._folder, ignore_errors=True)
        trust = json.dumps(ground.roots.to_json()).encode()
        Device.enrol(self._folder, BY, trust, key_named("device")).apply(ground.pack_file.encode())

    def given(self, file: PackFile) -> Pack:
        """Return what it holds, started anew, after it was given another pack."""
        with suppress(Refused):
            Device(self._folder).apply(file.encode())
        return Device(self._folder).pack
