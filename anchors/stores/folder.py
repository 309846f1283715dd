"""The store in a folder: packs (`packs/*.car`), an index over them (`index.sqlite`), a lock file.

Right after any crash: a pack is whole or not there, the index is only a memory of the packs, and every block is
hashed before it leaves.
"""

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from anchors.cid import Cid, cid_of
from anchors.reassembly import Reassembly
from anchors.stores import pack
from anchors.stores.fault import translated
from anchors.stores.folder_lock import FolderLock
from anchors.stores.pack_index import PackIndex
from anchors.stores.payload_store import MAX_PAYLOAD, check_sizes
from ledger.errors import Unavailable
from ledger.failpoint import reached

RESERVE = MAX_PAYLOAD
"""Bytes that must be free, so that a store says that it is full before it is."""


class FolderStore:
    """A `PayloadStore` in `directory`, made if it is not there. Several threads and processes may share it.

    Raises Unavailable `store.failed` or `store.full` if the folder cannot be used.
    """

    name = "folder"

    def __init__(self, directory: Path) -> None:
        self._packs = directory / "packs"
        with translated("opening the store"):
            self._packs.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(directory / "lock", self._remove_unfinished)
            # A pack may have got its name just before a crash, and the name not have become durable.
            pack.sync_folder(self._packs)
        self._index = PackIndex(directory / "index.sqlite")
        self._refresh()

    def put(self, payloads: Sequence[bytes]) -> list[Cid]:
        """See `PayloadStore.put`. The payloads that are not here yet become one pack, or several if many."""
        check_sizes(payloads)
        cids = [cid_of(payload) for payload in payloads]
        wanted = dict(zip(cids, payloads, strict=True))
        new = [cid for cid in wanted if not self._holds(cid)]
        with translated("writing a pack"):
            for start in range(0, len(new), pack.MAX_PAYLOADS):
                group = {cid: wanted[cid] for cid in new[start : start + pack.MAX_PAYLOADS]}
                reached("folder.pack.before")
                self._index.record(pack.write(self._packs, group))
                reached("folder.index.after")
            # Another process may have named a pack that holds the rest, and not have got further.
            pack.sync_folder(self._packs)
        reached("folder.sync.after")
        return cids

    def get(self, cid: Cid) -> bytes:
        """See `PayloadStore.get`. Any intact copy serves."""
        return Reassembly(self._block, MAX_PAYLOAD).read(cid)

    def roots(self) -> Iterator[Cid]:
        """Yield the CIDs of what was ever put, as the packs' headers name them; perhaps some twice.

        A pack whose header is damaged is passed over.
        """
        with translated("reading the packs"):
            for name in self._present():
                yield from pack.roots(self._packs, name)

    def check(self) -> None:
        """See `PayloadStore.check`. Room for a payload of any size; writes, makes durable and removes a small file."""
        probe = self._packs / (secrets.token_hex(16) + pack.UNFINISHED)
        with translated("checking the store"):
            if shutil.disk_usage(self._packs).free < RESERVE:
                raise Unavailable(
                    "store.full", f"fewer than {RESERVE >> 20} MiB are free", mend="free space on the store's disk"
                )
            try:
                with probe.open("xb") as file:
                    file.write(b"probe")
                    pack.make_durable(file)
            finally:
                probe.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the index and give the folder free."""
        self._index.close()
        self._lock.close()

    def __enter__(self) -> "FolderStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _holds(self, cid: Cid) -> bool:
        """Tell whether all of a payload is here and intact."""
        if not self._index.places(cid):
            return False
        try:
            self.get(cid)
        except Unavailable:
            return False
        return True

    def _block(self, cid: Cid) -> bytes:
        named = [name for name, _ in self._index.places(cid)]
        block = self._intact(cid)
        if block is None:
            # Another process may have put it, or the index may be wrong about the packs that it names.
            self._index.forget(named)
            self._refresh()
            block = self._intact(cid)
        if block is None:
            raise _missing(cid) if not self._index.places(cid) else _corrupt(cid)
        return block

    def _intact(self, cid: Cid) -> bytes | None:
        for name, section in self._index.places(cid):
            block = pack.read_block(self._packs, name, section)
            if block is not None and cid.matches(block):
                return block
        return None

    def _refresh(self) -> None:
        """Make the index agree with the files: forget packs that are gone, scan those that are new or changed."""
        known = self._index.packs()  # before the files, so that a pack just made is never taken for gone
        with translated("reading the packs"):
            present = self._present()
            self._index.forget(known.keys() - present.keys())
        for name, size in present.items():
            if known.get(name) != size:
                self._scan(name, size)

    def _scan(self, name: str, size: int) -> None:
        try:
            found = pack.scan(self._packs, name, size)
        except OSError:
            return  # one pack that cannot be read must not close the store; it is tried again next time
        self._index.record(found)

    def _present(self) -> dict[str, int]:
        with os.scandir(self._packs) as entries:
            return {
                entry.name: entry.stat().st_size
                for entry in entries
                if entry.name.endswith(pack.SUFFIX) and entry.is_file(follow_symlinks=False)
            }

    def _remove_unfinished(self) -> None:
        for leftover in self._packs.glob("*" + pack.UNFINISHED):
            leftover.unlink(missing_ok=True)


def _missing(cid: Cid) -> Unavailable:
    return Unavailable("store.missing", f"the folder store has no {cid}", mend="fetch it from another store")


def _corrupt(cid: Cid) -> Unavailable:
    return Unavailable(
        "store.corrupt", f"the folder store's bytes of {cid} are damaged", mend="repair it from another store"
    )
