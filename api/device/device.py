"""A device at the gate: the newest pack that it has seen, the highest time that it has seen, and the way never back."""

import json
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from api.device.device_key import read_device_key, write_device_key
from api.device.store import DeviceStore
from ledger.errors import Invalid, Refused
from ledger.failpoint import reached
from ledger.identifier import to_bytes32
from ledger.private_key import PrivateKey
from verifier.pack.body import compress, pack_body
from verifier.pack.file import PackFile, read_file
from verifier.pack.opened import Pack
from verifier.pack.opening import open_pack
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots

_AGAIN = "get the newest pack from your own customs; if it stays so, tell them: somebody may be handing out old packs"


class Device:
    """The folder of a device: `device.db` and `device.jwk`. clock: the device's, seconds.

    Every method raises Unavailable `device.store`.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        """Raises Invalid `device.none`."""
        self.folder = folder
        self.clock = clock
        self.store = DeviceStore(folder)

    @classmethod
    def enrol(cls, folder: Path, customs: str, trust: bytes, key: PrivateKey) -> "Device":
        """Make a device that takes the packs of one customs. Raises Invalid `trust.*`, Refused `device.exists`."""
        to_bytes32(customs)
        read_trust(trust)
        folder.mkdir(parents=True, exist_ok=True)
        write_device_key(folder, key)
        DeviceStore.create(folder, customs, trust)
        return cls(folder)

    @cached_property
    def key(self) -> PrivateKey:
        """The key with which the device signs its verdicts."""
        return read_device_key(self.folder)

    @cached_property
    def roots(self) -> TrustRoots:
        """The trust roots that it was enrolled with, as the packs that it took have handed over since."""
        return read_trust(self._column("trust"))

    @property
    def customs(self) -> str:
        """The customs whose packs it takes."""
        return str(self._column("customs"))

    @property
    def highest_time(self) -> int:
        """The highest time that it has ever seen, by its clock or by a pack's block."""
        return int(self._column("highest_time"))

    @property
    def held(self) -> tuple[int, bytes] | None:
        """Number and hash of the pack that it holds; None before the first."""
        number = int(self._column("pack_number"))
        return (number, bytes(self._column("pack_hash"))) if number else None

    @cached_property
    def pack(self) -> Pack:
        """The pack that it holds, checked anew. Raises Refused `device.no-pack`, and as `open_pack`."""
        held, data = self.held, self._column("pack")
        if held is None:
            detail = "this device has no pack yet"
            raise Refused("device.no-pack", detail, mend="fetch one while there is a line: `portseal pack fetch`")
        pack = open_pack(read_file(bytes(data)), self.roots, self.customs)
        if pack.hash != held[1]:
            raise Refused("pack.forked", "the pack that is held is not the one that was taken", mend=_AGAIN)
        return pack

    def apply(self, data: bytes) -> Pack:
        """Take a newer pack, or what was added to the one that is held; whole or not at all.

        Raises Refused `pack.rolled-back`, `pack.forked`, `pack.block-back`, and as `open_pack`.
        """
        file, customs = read_file(data), self.customs
        base = self.pack if file.since is not None else None
        with self.store.write() as database:
            row = database.execute("SELECT trust, pack_number, pack_hash, pack_block FROM device").fetchone()
            # By the roots of this moment: another process may have taken a pack, and with it newer ones.
            pack = open_pack(file, read_trust(row["trust"]), customs, base)
            if row["pack_hash"] != pack.hash:
                _check_newer(pack, row["pack_number"], row["pack_hash"], row["pack_block"])
                head, trust = pack.head, _written(pack.roots, row["trust"])
                place = (head.number, pack.block.number, pack.hash, _whole(file, pack), trust, pack.block.time)
                database.execute(
                    "UPDATE device SET pack_number = ?, pack_block = ?, pack_hash = ?, pack = ?, trust = ?, "
                    "highest_time = max(highest_time, ?)",
                    place,
                )
                reached("device.pack.before")
        reached("device.pack.after")
        self._forget("roots")
        self.__dict__["pack"] = pack
        return pack

    def trust(self, data: bytes) -> None:
        """Take newer roots of the same network. Raises Invalid `trust.*`, Refused `trust.other`, `trust.older`."""
        newer = read_trust(data)
        with self.store.write() as database:
            _check_trust(newer, read_trust(database.execute("SELECT trust FROM device").fetchone()["trust"]))
            database.execute("UPDATE device SET trust = ?", (data,))
        self._forget("roots", "pack")

    def _forget(self, *names: str) -> None:
        for name in names:
            self.__dict__.pop(name, None)

    def _column(self, name: str) -> Any:
        with self.store.read() as database:
            return database.execute(f"SELECT {name} FROM device").fetchone()[0]  # noqa: S608 (a constant)


def _whole(file: PackFile, pack: Pack) -> bytes:
    body = file.body if file.since is None else compress(pack_body(pack.content))
    return PackFile(file.head, file.proof, body).encode()


def _written(roots: TrustRoots, held: bytes) -> bytes:
    """Return the roots as a file; the held one if they are too large for one."""
    data = json.dumps(roots.to_json(), separators=(",", ":")).encode("ascii")
    try:
        read_trust(data)
    except Invalid:
        return held
    return data


def _check_trust(newer: TrustRoots, held: TrustRoots) -> None:
    if (newer.chain_id, newer.genesis_hash) != (held.chain_id, held.genesis_hash):
        detail = "these are trust roots of another network"
        raise Refused("trust.other", detail, mend="enrol a device in another folder for it")
    if newer.block < held.block:
        detail = f"these trust roots are of block {newer.block}, the device has those of block {held.block}"
        raise Refused("trust.older", detail, mend="get newer ones: `portseal trust`")


def _check_newer(pack: Pack, number: int, held: bytes | None, block: int) -> None:
    head = pack.head
    if head.number < number:
        detail = f"the pack has number {head.number}, and this device has seen number {number}"
        raise Refused("pack.rolled-back", detail, pointer="/number", mend=_AGAIN)
    is_next = head.number == number + 1
    if head.number == number or (number and is_next and head.previous != held):
        detail = f"the pack number {head.number} does not follow the pack number {number} that this device has seen"
        raise Refused("pack.forked", detail, pointer="/previous", mend=_AGAIN)
    if pack.block.number < block:
        detail = f"the pack stands as of block {pack.block.number}, and this device has seen block {block}"
        raise Refused("pack.block-back", detail, pointer="/block/number", mend=_AGAIN)
