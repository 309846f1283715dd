"""The edge packs of a node: put together from what each adds, made from the chain, given whole or as a delta."""

import threading
from dataclasses import dataclass

from anchors.database import Database
from anchors.finality import FinalityProof
from anchors.packs import MadePack, Packs
from ledger.errors import Refused
from verifier.fact_cache import FactCache
from verifier.pack.body import compress, expand, pack_body, read_body
from verifier.pack.content import Content
from verifier.pack.file import PackFile
from verifier.pack.head import pack_hash, read_head
from verifier.pack.limits import DEFAULT, StaleLimits
from verifier.pack.making import Before, PackMaker
from verifier.pack.opened import Pack
from verifier.pack.opening import open_pack
from verifier.trust_roots import TrustRoots

_KEPT = 16
"""Files kept ready: the newest one, and deltas to it."""


@dataclass(frozen=True, slots=True)
class _Sum:
    number: int
    content: Content


class PackOffice:
    """Every method raises Unavailable `database.*`. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._packs = Packs(database)
        self._files = FactCache(_KEPT)
        self._sum = _Sum(0, Content({}))
        self._lock = threading.Lock()

    def newest(self) -> int:
        """Return the number of the newest pack. Raises Refused `pack.unknown`."""
        number = self._packs.newest()
        if number == 0:
            raise Refused(
                "pack.unknown", "this node has made no pack yet", mend="ask its host to: `portseal pack make`"
            )
        return number

    def whole(self, number: int) -> bytes:
        """Return a pack's file. Raises Refused `pack.unknown`."""
        made = self._get(number)
        return bytes(self._files.get((number, 0), lambda: self._whole(made)))

    def delta(self, since: int) -> bytes:
        """Return what was added to a pack up to the newest one. Raises Refused `pack.unknown`, `pack.nothing-new`."""
        base, newest = self._get(since), self.newest()
        if since == newest:
            raise Refused("pack.nothing-new", f"pack {since} is the newest one", mend="ask again later")
        return bytes(self._files.get((newest, since), lambda: self._delta(base, self._get(newest))))

    def make(
        self,
        maker: PackMaker,
        proof: FinalityProof,
        roots: TrustRoots,
        now: int,
        limits: StaleLimits = DEFAULT,
        hours_from: int = 0,
        least: int = 1,
    ) -> Pack:
        """Make the next pack and keep it, once it was opened as a device opens it. Raises as PackMaker.make."""
        number, before = self._packs.newest(), None
        if number:
            text = self._get(number).head
            before = Before(text, read_head(text)[0], self._content(number))
        file, new = maker.make(proof, roots, now, before, limits, hours_from, least)
        pack = open_pack(file, roots, maker.by)
        additions = compress(pack_body(new))
        self._packs.add(MadePack(pack.head.number, pack_hash(file.head), file.head, file.proof, additions, now))
        return pack

    def _get(self, number: int) -> MadePack:
        made = self._packs.get(number)
        if made is None:
            raise Refused(
                "pack.unknown", f"there is no pack {number} here", mend="ask for the newest: /v1/packs/latest"
            )
        return made

    def _whole(self, made: MadePack) -> bytes:
        return PackFile(made.head, made.proof, compress(pack_body(self._content(made.number)))).encode()

    def _delta(self, base: MadePack, newest: MadePack) -> bytes:
        head, _ = read_head(base.head)
        added = self._content(newest.number).after(head.counts, head.hours[1])
        return PackFile(newest.head, newest.proof, compress(pack_body(added)), base.hash).encode()

    def _content(self, number: int) -> Content:
        """Return all that a pack says: the additions of every pack up to it."""
        with self._lock:
            # The newest is asked for again and again, an older one hardly ever.
            start = self._sum if self._sum.number <= number else _Sum(0, Content({}))
            made = self._packs.between(start.number, number)
            if not made:
                return start.content
            added = [read_body(expand(one.additions)) for one in made]
            content = start.content.extended(*added, hours_from=read_head(made[-1].head)[0].hours[0])
            if number >= self._sum.number:
                self._sum = _Sum(number, content)
            return content
