"""Packs whose block is sealed by QBFT: by validators of a test over a whole pack, and by the recorded network.

The recorded network (../shared/vectors/chain) has no registries, so no whole pack can be made of it. What it shows is
its part: that its headers prove a pack's block, are handed over to, and that no byte of them may be another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import pytest

from ledger.authority import Purpose
from ledger.compact_jws import sign_text
from ledger.document_registry import Status, StatusChange
from ledger.envelope import Envelope
from ledger.errors import PortsealError
from ledger.finality import qbft
from ledger.finality.form import Qbft
from tests.consortium import Consortium
from tests.ledger import recorded_qbft, sealed_headers
from tests.ledger.sealed_headers import Sealer, sealers
from tests.verifier.chain_case import ISSUER, Case
from tests.verifier.test_evidence_qbft import NUMBERS, mutations
from tests.verifier.test_gate_pack import HOUR, Gate, scanned
from tests.verifier.test_pack_hours import Hours
from verifier.axes import Authentic, Usable
from verifier.pack.body import compress, pack_body
from verifier.pack.file import PackFile, PackProof, read_file
from verifier.pack.head import TYPE, read_head
from verifier.pack.kinds import KINDS
from verifier.pack.opened import Pack
from verifier.pack.opening import open_pack
from verifier.proved_state import ProvedState
from verifier.trust_roots import TrustRoots

BY = "cn.customs"
FOUR, THREE = sealers(4), sealers(4)[:3]


def pinned(roots: TrustRoots, *validators: str) -> TrustRoots:
    return replace(roots, finality=Qbft(recorded_qbft.sets(*validators)), block=0, time=0)


def addresses(signers: Sequence[Sealer]) -> list[str]:
    return [one.address for one in signers]


@dataclass
class Sealed:
    """A pack of the embedded chain, and that chain's blocks sealed by validators of ours."""

    case: Case
    document: Envelope
    gate: Gate

    def resting_on(self, file: PackFile, header: bytes, hand_overs: tuple[Any, ...] = ()) -> PackFile:
        """The same content, as of a sealed header, proved by nodes of the state; signed by the customs."""
        head, _ = read_head(file.head)
        found = qbft.verify(header, recorded_qbft.sets(*self.listed(header)))
        block = {"number": found.number, "hash": found.block_hash.hex(), "time": found.time}
        return self.proved_by(file, header, hand_overs, self.nodes(head.block.number), block=block)

    def proved_by(
        self,
        file: PackFile,
        header: bytes,
        hand_overs: tuple[Any, ...] = (),
        nodes: tuple[bytes, ...] = (),
        **claims: Any,
    ) -> PackFile:
        """With another proof, signed by the customs itself."""
        proof = PackProof({"form": "qbft", "header": header}, hand_overs, nodes).encode()
        stated = read_head(file.head)[0].claims() | {"proof": sha256(proof).hexdigest()} | claims
        key = self.case.consortium.service_key(BY, Purpose.ANSWERS)
        return replace(file, head=sign_text(stated, key, TYPE), proof=proof)

    def listed(self, header: bytes) -> list[str]:
        """Whoever the header names; a helper of the test, which no verifier may use."""
        known = {one.raw: one.address for one in FOUR} | {bytes.fromhex(a[2:]): a for a in recorded_qbft.VALIDATORS}
        return [address for raw, address in known.items() if raw in header]

    def header(self, listed: Sequence[Sealer], by: Sequence[Sealer], number: int | None = None) -> bytes:
        """The chain's own block, its number, time and state, with other validators' seals."""
        chain = self.case.consortium.chain
        block = chain.block(number) if number is not None else chain.head()
        assert block
        return sealed_headers.qbft(block.number, listed, by, state=(block.state_root, block.timestamp))

    def nodes(self, number: int) -> tuple[bytes, ...]:
        consortium = self.case.consortium
        block = consortium.chain.block(number)
        assert block
        state = ProvedState(block, consortium.network.contracts, consortium.chain.proof)
        for kind in KINDS.values():
            state.words(kind.contract, block).words([kind.head])
        return tuple(sorted(state.nodes))


def opened(file: PackFile, roots: TrustRoots, base: Pack | None = None) -> Pack:
    return open_pack(read_file(file.encode()), roots, BY, base)


def refused(file: PackFile, roots: TrustRoots) -> str:
    with pytest.raises(PortsealError) as caught:
        opened(file, roots)
    return caught.value.code


@pytest.fixture(scope="module")
def sealed(consortium: Consortium) -> Sealed:
    """A document in an hour that is over."""
    case, clock = Case(consortium), consortium.clock
    clock.now += HOUR - clock.now % HOUR
    document, gate = case.anchored(), Gate.anchored(case)
    clock.advance(HOUR)
    case.anchored()
    return Sealed(case, document, gate)


def test_a_whole_pack_a_delta_and_verdicts_by_them_alone(sealed: Sealed) -> None:
    case = sealed.case
    roots = pinned(case.roots, *addresses(FOUR))
    case.packs.newest()
    first = sealed.resting_on(case.packs.files[-1], sealed.header(FOUR, FOUR[:3]))
    base = opened(first, roots)
    assert (base.block.form, set(base.block.signers)) == ("qbft", set(addresses(FOUR[:3])))
    assert (base.roots.block, base.roots.finality) == (base.block.number, roots.finality)
    status = StatusChange(ISSUER, sealed.gate.envelope.digest, Status.REVOKED)
    case.act(case.consortium.registries.document.set_status(status))
    content = case.packs.newest().content
    second = sealed.resting_on(case.packs.files[-1], sealed.header(FOUR, FOUR))
    added = content.after(base.head.counts, base.head.hours[1])
    delta = replace(second, body=compress(pack_body(added)), since=base.hash)
    newer = opened(delta, base.roots, base)
    assert newer.hash == opened(second, roots).hash
    for pack, usable in ((base, Usable.ACTIVE), (newer, Usable.REVOKED)):
        verdict = scanned(pack, sealed.gate.code())
        assert (verdict.authentic, verdict.usable) == (Authentic.VALID, usable)
        assert verdict.finality
        assert verdict.finality.form == "qbft"
    hours = Hours(case, [], newer)
    verdict = hours.judged(sealed.document, hours.place(sealed.document))
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)


def test_a_set_that_changed_is_followed_by_its_headers(sealed: Sealed) -> None:
    case = sealed.case
    case.packs.newest()
    file, roots = case.packs.files[-1], pinned(case.roots, *addresses(THREE))
    handed = sealed.header(FOUR, FOUR[:3], number=case.consortium.chain.head().number - 1)
    own = sealed.header(FOUR, FOUR[1:])
    assert refused(sealed.resting_on(file, own), roots) == "finality.set"
    pack = opened(sealed.resting_on(file, own, (handed,)), roots)
    assert isinstance(pack.roots.finality, Qbft)
    assert [len(one.validators) for one in pack.roots.finality.validators.ranges] == [3, 4]
    # With these roots the next pack needs no hand-over.
    assert opened(sealed.resting_on(file, own), pack.roots).block == pack.block
    strangers = sealers(4, first=50)
    unsigned = sealed.header(FOUR, [FOUR[3]], number=case.consortium.chain.head().number - 1)
    for wrong in ((unsigned,), (b"header",), ({},), (sealed_headers.qbft(5, strangers, strangers),)):
        assert refused(sealed.resting_on(file, own, wrong), roots) == "finality.set"


def test_without_a_node_of_the_state(sealed: Sealed) -> None:
    case = sealed.case
    case.packs.newest()
    file, roots = (
        sealed.resting_on(case.packs.files[-1], sealed.header(FOUR, FOUR)),
        pinned(case.roots, *addresses(FOUR)),
    )
    nodes = sealed.nodes(read_head(file.head)[0].block.number)
    header = sealed.header(FOUR, FOUR)
    assert opened(sealed.proved_by(file, header, (), nodes), roots).block
    for place in range(len(nodes)):
        rest = (*nodes[:place], *nodes[place + 1 :])
        assert refused(sealed.proved_by(file, header, (), rest), roots) == "evidence.not-recorded"


# --- the recorded network: its headers as a pack's proof


@recorded_qbft.needed
@pytest.mark.parametrize("number", NUMBERS)
def test_a_recorded_header_proves_a_packs_block(sealed: Sealed, number: int) -> None:
    """All the way to the state, which is that of a chain without registries."""
    case = sealed.case
    case.packs.newest()
    roots = pinned(case.roots, *recorded_qbft.VALIDATORS)
    file = sealed.resting_on(case.packs.files[-1], recorded_qbft.header(number))
    assert refused(file, roots) == "evidence.not-recorded"
    assert refused(file, pinned(case.roots, *addresses(FOUR))) == "finality.set"


@recorded_qbft.needed
def test_the_recorded_set_is_handed_over_to(sealed: Sealed) -> None:
    """Three of the four are pinned: their quorum of two is among the seals of the first header that lists all four."""
    case = sealed.case
    case.packs.newest()
    file, roots = case.packs.files[-1], pinned(case.roots, *recorded_qbft.VALIDATORS[:3])
    first, last = recorded_qbft.header(NUMBERS[0]), recorded_qbft.header(NUMBERS[-1])
    assert refused(sealed.resting_on(file, last), roots) == "finality.set"
    assert refused(sealed.resting_on(file, last, (first,)), roots) == "evidence.not-recorded"


@recorded_qbft.needed
def test_no_byte_of_a_recorded_header_may_be_another(sealed: Sealed) -> None:
    case = sealed.case
    case.packs.newest()
    roots, header = pinned(case.roots, *recorded_qbft.VALIDATORS), recorded_qbft.header(NUMBERS[0])
    right = sealed.resting_on(case.packs.files[-1], header)
    codes = {refused(sealed.proved_by(right, changed), roots) for changed in mutations(header)}
    assert all(one.startswith("finality.") for one in codes), codes
