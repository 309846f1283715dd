"""A pack in hostile hands: whatever is changed in it, left out of it or put elsewhere, it is refused, and says why."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.authority import Purpose
from ledger.deterministic_cbor import decode, encode
from ledger.document_registry import Status, StatusChange
from ledger.errors import Invalid, PortsealError, Refused, Unavailable
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.consortium import Consortium
from tests.verifier.chain_case import ISSUER, Case
from tests.verifier.packs_forged import content_of, resigned, with_content, with_proof
from verifier.pack.body import compress, pack_body
from verifier.pack.content import Content
from verifier.pack.file import PackFile, PackProof, read_file
from verifier.pack.head import read_head
from verifier.pack.kinds import KINDS, STATUS
from verifier.pack.opened import Pack
from verifier.pack.opening import open_pack, stated_heads
from verifier.proved_state import ProvedState

BY = "cn.customs"


@dataclass
class Made:
    """Two packs, one after the other, with what happened between them."""

    case: Case
    first: PackFile
    second: PackFile
    delta: PackFile

    def open(self, file: PackFile, base: Pack | None = None) -> Pack:
        return open_pack(read_file(file.encode()), self.case.roots, BY, base)

    def signed(self, file: PackFile, signer: Any = None, **claims: Any) -> PackFile:
        """With other claims, signed by whoever."""
        return resigned(file, signer or self.key, **claims)

    def with_content(self, content: Content) -> PackFile:
        """As the customs itself could sign it."""
        return with_content(self.second, self.key, content)

    @property
    def key(self) -> PrivateKey:
        return self.case.consortium.service_key(BY, Purpose.ANSWERS)

    @property
    def content(self) -> Content:
        return content_of(self.second)


@pytest.fixture(scope="module")
def made(consortium: Consortium) -> Made:
    case = Case(consortium)
    documents = [case.anchored() for _ in range(4)]
    for envelope, status in zip(documents, (Status.SUSPENDED, Status.REVOKED), strict=False):
        case.act(consortium.registries.document.set_status(StatusChange(ISSUER, envelope.digest, status)))
    first = case.packs.newest()
    case.act(consortium.registries.document.set_status(StatusChange(ISSUER, documents[0].digest, Status.REINSTATED)))
    case.act(consortium.registries.document.set_status(StatusChange(ISSUER, documents[2].digest, Status.REVOKED)))
    second = case.packs.newest()
    one, two = case.packs.files
    added = second.content.after(first.head.counts, first.head.hours[1])
    return Made(case, one, two, PackFile(two.head, two.proof, compress(pack_body(added)), first.hash))


def refused(made: Made, file: PackFile, base: Pack | None = None) -> PortsealError:
    with pytest.raises((Invalid, Refused)) as caught:
        made.open(file, base)
    return caught.value


def test_whole_and_as_a_delta_it_is_the_same(made: Made) -> None:
    base, whole = made.open(made.first), made.open(made.second)
    added = made.open(made.delta, base)
    assert (added.hash, added.block, added.content.heads()) == (whole.hash, whole.block, whole.content.heads())
    assert pack_body(added.content) == pack_body(whole.content)
    assert whole.head.previous == base.hash
    assert len(whole.content.changes[STATUS]) == 4
    assert len(made.delta.encode()) < len(made.second.encode())


def test_a_delta_on_the_wrong_base(made: Made) -> None:
    assert refused(made, made.delta).code == "pack.other-base"
    assert refused(made, made.delta, made.open(made.second)).code == "pack.other-base"
    base = made.open(made.first)
    lying = replace(base, content=base.content.extended(Content({STATUS: base.content.changes[STATUS][:1]})))
    assert refused(made, made.delta, lying).code == "pack.damaged"


CONTENTS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "dropped": lambda rows: rows[:1] + rows[2:],
    "the last one dropped": lambda rows: rows[:-1],
    "none": lambda rows: [],
    "reordered": lambda rows: [rows[1], rows[0], *rows[2:]],
    "doubled": lambda rows: [rows[0], *rows],
    "the last one doubled": lambda rows: [*rows, rows[-1]],
    "another digest": lambda rows: [rows[0][:32] + b"x" * 32 + rows[0][64:], *rows[1:]],
    "another status": lambda rows: [rows[0][:127] + bytes([rows[0][127] ^ 1]) + rows[0][128:], *rows[1:]],
    "another time": lambda rows: [rows[0][:-1] + bytes([rows[0][-1] ^ 1]), *rows[1:]],
    "another issuer": lambda rows: [b"sg.carrier".ljust(32, b"\0") + rows[0][32:], *rows[1:]],
}


@pytest.mark.parametrize("name", CONTENTS)
def test_statuses_that_are_not_the_registrys_own(made: Made, name: str) -> None:
    content = made.content
    changed = replace(content, changes={**content.changes, STATUS: CONTENTS[name](list(content.changes[STATUS]))})
    error = refused(made, made.with_content(changed))
    assert (error.code, error.pointer) == ("pack.incomplete", f"/changes/{STATUS}")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != STATUS])
def test_every_other_kind_is_proved_complete_too(made: Made, kind: str) -> None:
    content = made.content
    rows = list(content.changes[kind])
    more = rows[:-1] if rows else [bytes(32 * len(KINDS[kind].columns))]
    changed = replace(content, changes={**content.changes, kind: more})
    error = refused(made, made.with_content(changed))
    assert (error.code, error.pointer) == ("pack.incomplete", f"/changes/{kind}")


def test_running_hashes_by_proofs_of_their_slots(made: Made) -> None:
    """As chains without checkpoints have them: the same as the members cosign, and nothing without its nodes."""
    pack, chain = made.open(made.second), made.case.consortium.chain
    block = chain.block(pack.block.number)
    assert block
    state = ProvedState(block, made.case.consortium.network.contracts, chain.proof)
    for kind in KINDS.values():
        state.words(kind.contract, block).words([kind.head])
    nodes = tuple(sorted(state.nodes))
    of_qbft = replace(pack.block, form="qbft")
    found = stated_heads(made.case.roots, PackProof({}, (), nodes), of_qbft)
    assert found == {name: head.head for name, head in pack.content.heads().items()}
    for some in (nodes[1:], nodes[:-1], ()):
        with pytest.raises(Unavailable, match=r"evidence\.not-recorded"):
            stated_heads(made.case.roots, PackProof({}, (), some), of_qbft)


def test_a_count_that_is_not_that_of_the_content(made: Made) -> None:
    counts = made.content.counts
    wrong = made.signed(made.second, counts={**counts, STATUS: counts[STATUS] + 1})
    assert refused(made, wrong).code == "pack.incomplete"


HEADS: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "another version": (lambda _: {"v": 2}, "pack.version"),
    "a version that is true": (lambda _: {"v": True}, "pack.version"),
    "another customs": (lambda _: {"by": "sg.customs"}, "pack.signer"),
    "no id": (lambda _: {"by": "CN Customs"}, "pack.form"),
    "number 0": (lambda _: {"number": 0}, "pack.form"),
    "number 1 with one before": (lambda _: {"number": 1}, "pack.form"),
    "a number in words": (lambda _: {"number": "2"}, "pack.form"),
    "another chain": (lambda head: {"chain_id": head["chain_id"] + 1}, "pack.chain"),
    "another start": (lambda _: {"genesis_hash": "00" * 32}, "pack.chain"),
    "a hash that is none": (lambda _: {"trust": "xy"}, "pack.form"),
    "another block number": (lambda head: {"block": {**head["block"], "number": 1}}, "pack.block"),
    "another block hash": (lambda head: {"block": {**head["block"], "hash": "00" * 32}}, "pack.block"),
    "a later block time": (lambda head: {"block": {**head["block"], "time": head["block"]["time"] + 1}}, "pack.block"),
    "no block": (lambda _: {"block": None}, "pack.form"),
    "another content": (lambda head: {"body": {**head["body"], "sha256": "00" * 32}}, "pack.damaged"),
    "another size": (lambda head: {"body": {**head["body"], "size": head["body"]["size"] + 1}}, "pack.damaged"),
    "a size without bounds": (lambda head: {"body": {**head["body"], "size": 2**40}}, "pack.size"),
    "another proof": (lambda _: {"proof": "00" * 32}, "pack.damaged"),
    "counts of fewer kinds": (lambda _: {"counts": {}}, "pack.form"),
    "hours of the future": (
        lambda head: {"hours": {"from": 0, "until": head["block"]["time"] // 3600 + 1}},
        "pack.hours",
    ),
    "no limits": (lambda _: {"limits": {}}, "pack.form"),
    "one member more": (lambda _: {"more": 1}, "pack.form"),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_that_says_something_else(made: Made, name: str) -> None:
    """Even if the customs itself signs it."""
    change, code = HEADS[name]
    wrong = made.signed(made.second, **change(read_head(made.second.head)[0].claims()))
    assert refused(made, wrong).code == code


SIGNERS: dict[str, Callable[[Consortium], PrivateKey]] = {
    "a stranger": lambda _: PrivateKey.generate(Algorithm.ED25519),
    "another customs": lambda consortium: consortium.service_key("sg.customs", Purpose.ANSWERS),
    "the maritime authority": lambda consortium: consortium.service_key("cn.maritime", Purpose.ANSWERS),
    "the key for checkpoints": lambda consortium: consortium.service_key(BY, Purpose.CHECKPOINTS),
    "an issuer": lambda consortium: consortium.issuer_key(ISSUER),
}


@pytest.mark.parametrize("name", SIGNERS)
def test_a_signature_by_somebody_else(made: Made, name: str) -> None:
    wrong = made.signed(made.second, SIGNERS[name](made.case.consortium))
    assert refused(made, wrong).code == "pack.signer"


def test_a_signature_that_does_not_fit(made: Made) -> None:
    head, _, signature = made.second.head.rpartition(".")
    changed = ("A" if signature[0] != "A" else "B") + signature[1:]
    assert refused(made, replace(made.second, head=f"{head}.{changed}")).code == "pack.signer"
    assert refused(made, replace(made.second, head=made.first.head)).code == "pack.damaged"


def test_an_older_proof_under_a_newer_head(made: Made) -> None:
    wrong = with_proof(made.second, made.key, made.first.proof)
    assert refused(made, wrong).code == "pack.block"


def test_the_block_and_the_statuses_of_before_under_a_newer_number(made: Made) -> None:
    """A customs that signs an old state as a new pack is seen by the block's age, and by its number (test_device)."""
    head = read_head(made.first.head)[0].claims() | {"number": 2, "previous": "00" * 32}
    stale = made.signed(made.first, **head)
    assert made.open(stale).block == made.open(made.first).block


FINALITIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no signatures": lambda proof: proof["finality"].update(cosignatures=[]),
    "two signatures": lambda proof: proof["finality"].update(cosignatures=proof["finality"]["cosignatures"][:2]),
    "another state": lambda proof: proof["finality"]["claims"].update(state_root="0x" + "00" * 32),
    "other heads": lambda proof: proof["finality"]["claims"]["heads"][STATUS].update(head="0x" + "00" * 32),
    "no heads": lambda proof: proof["finality"]["claims"].update(heads={}),
    "no form": lambda proof: proof.update(finality={}),
}


@pytest.mark.parametrize("name", FINALITIES)
def test_a_block_that_is_not_proved(made: Made, name: str) -> None:
    proof = decode(made.second.proof, "pack")
    FINALITIES[name](proof)
    data = encode(proof)
    wrong = with_proof(made.second, made.key, data)
    assert refused(made, wrong).code in ("finality.too-few", "finality.form")


@pytest.mark.parametrize("member", ["finality", "hand_overs", "nodes"])
def test_a_proof_that_lacks_a_member(made: Made, member: str) -> None:
    proof = decode(made.second.proof, "pack")
    del proof[member]
    data = encode(proof)
    wrong = with_proof(made.second, made.key, data)
    assert refused(made, wrong).code == "pack.form"


def test_a_content_whose_key_is_missing(made: Made) -> None:
    content = made.content
    without = replace(content, keys=())
    assert refused(made, made.with_content(without)).code == "pack.signer"


def test_bombs(made: Made) -> None:
    bomb = zlib.compress(bytes(40 * 1024 * 1024), 9)
    assert refused(made, replace(made.second, body=bomb)).code == "pack.size"
    with pytest.raises(Invalid, match=r"pack\.size"):
        read_file(bytes(41 * 1024 * 1024))
    with pytest.raises(Invalid, match=r"pack\.form"):
        read_file(b"\x9a\x7f\xff\xff\xff" + b"\x80" * 1000)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_byte_changed_anywhere(made: Made, data: st.DataObject) -> None:
    whole = bytearray((made.delta if data.draw(st.booleans()) else made.second).encode())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((Invalid, Refused)):
        open_pack(read_file(bytes(whole)), made.case.roots, BY, made.open(made.first))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_part_cut_off(made: Made, data: st.DataObject) -> None:
    whole = made.second.encode()
    with pytest.raises((Invalid, Refused)):
        open_pack(read_file(whole[: data.draw(st.integers(0, len(whole) - 1))]), made.case.roots, BY)


def test_roots_of_another_network(made: Made) -> None:
    roots = replace(made.case.roots, chain_id=1)
    with pytest.raises(Refused, match=r"pack\.chain"):
        open_pack(made.second, roots, BY)
