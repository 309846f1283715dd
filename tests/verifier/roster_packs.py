"""Packs of a consortium whose members change the keys that they cosign with."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from anchors.finality import FinalityProof
from ledger.authority import Purpose
from ledger.compact_jws import sign_text
from ledger.deterministic_cbor import decode, encode
from tests.verifier.changing_roster import COUNTRIES, ChangingRoster
from verifier.pack.body import compress, pack_body
from verifier.pack.content import Content
from verifier.pack.file import PackFile, PackProof
from verifier.pack.head import TYPE, read_head
from verifier.pack.making import Before, PackMaker
from verifier.packed_finality import pack as pack_finality
from verifier.registry_facts import RegistryFacts
from verifier.trust_roots import TrustRoots

BY = "cn.customs"
HandOvers = list[Any]


class RosterPacks(ChangingRoster):
    """files: made so far, whole, each after the one before."""

    def __init__(self, case: Any) -> None:
        super().__init__(case)
        self.files: list[PackFile] = []
        self._before: Before | None = None

    def pack(self) -> PackFile:
        """A pack of the newest checkpoint."""
        consortium, proof = self.case.consortium, self.newest()
        assert proof
        judge = RegistryFacts(consortium.chain, consortium.registries, consortium.network.finality).finality
        signer = consortium.service_key(BY, Purpose.ANSWERS)
        maker = PackMaker(consortium.chain, consortium.network, self.newest, judge, BY, signer)
        file, new = maker.make(proof, self.roots(), int(consortium.clock()), self._before)
        held = self._before.content if self._before else Content({})
        head, _ = read_head(file.head)
        self._before = Before(file.head, head, held.extended(new, hours_from=head.hours[0]))
        self.files.append(file)
        return file

    def delta(self) -> PackFile:
        """What the newest pack has beyond the one before."""
        older, newer = self.files[-2:]
        assert self._before
        head, _ = read_head(older.head)
        added = self._before.content.after(head.counts, head.hours[1])
        return replace(newer, body=compress(pack_body(added)), since=sha256(older.head.encode()).digest())

    def signed(self, file: PackFile, proof: bytes | None = None, **claims: Any) -> PackFile:
        """With another proof or other claims, signed by the customs itself."""
        proof = file.proof if proof is None else proof
        stated = read_head(file.head)[0].claims() | {"proof": sha256(proof).hexdigest()} | claims
        key = self.case.consortium.service_key(BY, Purpose.ANSWERS)
        return replace(file, head=sign_text(stated, key, TYPE), proof=proof)

    def handing_over(self, file: PackFile, change: Callable[[HandOvers], Any]) -> PackFile:
        """With other hand-overs."""
        proof = decode(file.proof, "pack")
        proof["hand_overs"] = change(proof["hand_overs"])
        return self.signed(file, encode(proof))

    def as_of(self, file: PackFile, proof: FinalityProof) -> PackFile:
        """As of a later block in which nothing has changed, without hand-overs."""
        block = {"number": proof.number, "hash": proof.block_hash.hex(), "time": proof.time}
        number = read_head(file.head)[0].number + 1
        return self.signed(
            file, PackProof(pack_finality(proof)).encode(), block=block, number=number, previous="ab" * 32
        )

    def rotated_by_all(self) -> list[TrustRoots]:
        """Each member changes its key, with a checkpoint after each; the roots of before, between, and of the end."""
        roots = [self.roots()]
        self.checkpoint()
        for country in COUNTRIES:
            self.rotate(country)
            self.checkpoint()
            roots.append(self.roots())
        return roots


def hand_overs(file: PackFile) -> HandOvers:
    found: HandOvers = decode(file.proof, "pack")["hand_overs"]
    return found
