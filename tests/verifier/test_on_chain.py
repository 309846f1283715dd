"""The main questions of the design's rule 3, asked of the real registries on the embedded chain."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from anchors import proof_content
from anchors.finality import FinalityProof
from ledger.authority import Role
from ledger.checkpoint import Checkpoint, Cosignature
from ledger.dated_list import Entry
from ledger.document_registry import Status, StatusChange
from ledger.envelope import Envelope
from ledger.private_key import PrivateKey
from tests.consortium import Consortium
from tests.verifier.chain_case import ISSUER, Case
from tests.verifier.world import BILL, CERTIFICATE, codes, outcome, proof_of
from verifier.axes import Authentic, Usable
from verifier.registry_facts import RegistryFacts


@pytest.fixture(scope="module")
def case(consortium: Consortium) -> Case:
    return Case(consortium)


@pytest.fixture
def alone(consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A consortium of its own, for what cannot be taken back."""
    with consortium_template.copy(tmp_path_factory.mktemp("alone")) as consortium:
        yield Case(consortium)


@pytest.mark.parametrize("country", ["CN", "SG"])
def test_a_genuine_document_is_valid_and_active(case: Case, country: str) -> None:
    verdict = case.verify(case.anchored(issuer=f"{country.lower()}.carrier"))
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert verdict.finality
    assert verdict.finality.signers == ("CN", "JP", "KR", "SG")


def test_a_document_outside_the_issuers_kinds(case: Case) -> None:
    verdict = case.verify(case.anchored(CERTIFICATE))
    assert verdict.authentic is Authentic.INVALID
    assert outcome(verdict, "issuer.not-accredited") == "fail"


def test_a_document_that_is_not_anchored(case: Case) -> None:
    verdict = case.verify(case.issue())
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.PENDING)


def test_a_key_that_is_not_registered(case: Case) -> None:
    forged = case.issue(key=PrivateKey.generate(case.consortium.issuer_key(ISSUER).public_key.algorithm))
    case.anchor(forged)
    verdict = case.verify(forged)
    assert verdict.authentic is Authentic.INVALID
    assert outcome(verdict, "issuer.key-unknown") == "fail"


@pytest.mark.parametrize("retire", [True, False])
def test_a_key_retired_or_suspended_before_and_after(case: Case, retire: bool) -> None:
    key = case.new_key()
    before, after = case.issue(key=key), case.issue(key=key)
    case.anchor(before)
    thumbprint = key.public_key.thumbprint
    case.act(case.issuers.retire_key(thumbprint) if retire else case.issuers.suspend_key(thumbprint))
    case.anchor(after)
    assert [case.authentic(before), case.authentic(after)] == [Authentic.VALID, Authentic.INVALID]


def test_a_key_compromised_since_the_anchors_second_and_since_the_next(case: Case) -> None:
    key = case.new_key()
    document = case.issue(key=key)
    time = case.anchor(document)
    case.consortium.clock.advance(10)
    known = case.act(case.issuers.mark_compromised(key.public_key.thumbprint, time + 1))
    assert outcome(case.verify(document), "issuer.key-compromised-later") == "warn"
    case.act(case.issuers.mark_compromised(key.public_key.thumbprint, time))
    verdict = case.verify(document)
    assert (verdict.authentic, verdict.usable) == (Authentic.INVALID, Usable.UNKNOWN)
    assert case.verify(document, at=known, known_at=known).authentic is Authentic.VALID


def test_an_issuer_suspended_and_reinstated(case: Case) -> None:
    case.act(case.issuers.suspend_issuer(ISSUER))
    during = case.anchored()
    case.act(case.issuers.reinstate_issuer(ISSUER))
    after = case.anchored()
    assert [case.authentic(during), case.authentic(after)] == [Authentic.INVALID, Authentic.VALID]


def test_accreditation_ended(alone: Case) -> None:
    before = alone.anchored()
    alone.act(alone.issuers.end_accreditation(ISSUER, BILL))
    after = alone.anchored()
    assert [alone.authentic(before), alone.authentic(after)] == [Authentic.VALID, Authentic.INVALID]


@pytest.mark.parametrize("member", [True, False])
def test_the_authority_or_its_country_left(alone: Case, member: bool) -> None:
    registry = alone.consortium.registries.authority
    before = alone.anchored(issuer="jp.carrier")
    alone.vote(registry.end_member("JP") if member else registry.end_authority("jp.maritime"))
    after = alone.issue(issuer="jp.carrier")
    alone.anchor(after, "CN", "SG", "KR")
    assert [alone.authentic(before), alone.authentic(after)] == [Authentic.VALID, Authentic.INVALID]


def test_what_became_of_it_at_each_time(case: Case) -> None:
    document, successor = case.anchored(), case.anchored()
    registry = case.consortium.registries.document
    changes = [StatusChange(ISSUER, document.digest, status) for status in (Status.SUSPENDED, Status.REINSTATED)]
    times = [case.act(registry.set_status(change)) for change in changes]
    replaced = StatusChange(ISSUER, document.digest, Status.SUPERSEDED, successor=successor.digest)
    times.append(case.act(registry.set_status(replaced)))
    times.append(case.act(registry.set_status(StatusChange(ISSUER, document.digest, Status.REVOKED, reason=3))))
    states = [case.verify(document, at=time).usable.value for time in [times[0] - 1, *times]]
    assert states == ["ACTIVE", "SUSPENDED", "ACTIVE", "SUPERSEDED", "REVOKED"]
    verdict = case.verify(document, at=times[2])
    facts = next(finding.facts for finding in verdict.findings if finding.code == "status.superseded")
    assert facts["successor"] == successor.digest.hex()
    assert case.verify(document).authentic is Authentic.VALID


# --- finality


def test_cosignatures_of_two_thirds_are_too_few(case: Case) -> None:
    document = case.issue()
    case.anchor(document, "CN", "SG")
    verdict = case.verify(document)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.PENDING)
    checkpoint, cosignatures = checkpoint_of(case, document)
    again = case.cosigned(checkpoint, "CN", domain="chamber")
    proof = proof_of(checkpoint, [*cosignatures, *again])
    case.records[document.digest] = replace(case.records[document.digest], proof=proof)
    assert case.authentic(document) is Authentic.INDETERMINATE


def checkpoint_of(case: Case, document: Envelope) -> tuple[Checkpoint, tuple[Cosignature, ...]]:
    proof = case.records[document.digest].proof
    assert proof
    return proof_content.checkpoint_of(proof.content)


CHANGES: dict[str, Callable[[Checkpoint], Checkpoint]] = {
    "another chain": lambda checkpoint: replace(checkpoint, chain_id=checkpoint.chain_id + 1),
    "another genesis": lambda checkpoint: replace(checkpoint, genesis_hash=b"x" * 32),
    "another block": lambda checkpoint: replace(checkpoint, block_hash=b"x" * 32),
    "another state": lambda checkpoint: replace(checkpoint, state_root=b"x" * 32),
    "another time": lambda checkpoint: replace(checkpoint, time=checkpoint.time + 1),
    "a block to come": lambda checkpoint: replace(checkpoint, number=checkpoint.number + 1000),
}


def test_a_checkpoint_of_something_else_proves_nothing(case: Case) -> None:
    document = case.anchored()
    genuine = case.records[document.digest]
    facts = RegistryFacts(case.consortium.chain, case.consortium.registries)
    for name, change in CHANGES.items():
        checkpoint, cosignatures = checkpoint_of(case, document)
        changed = change(checkpoint)
        finality = facts.finality(proof_of(changed, cosignatures), case.consortium.chain.head())
        assert (finality.holds, finality.on_chain) == (False, False), name
        # Even signed by everybody: it is not of this chain.
        signed = proof_of(changed, case.cosigned(changed, "CN", "SG", "KR", "JP"))
        finality = facts.finality(signed, case.consortium.chain.head())
        assert (finality.holds, finality.on_chain) == (True, False), name
    case.records[document.digest] = replace(genuine, proof=signed)
    verdict = case.verify(document)
    assert verdict.authentic is Authentic.INDETERMINATE
    assert "anchoring.checkpoint-differs" in codes(verdict)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda proof: replace(proof, form="clique"), "anchoring.proof-form"),
        (lambda proof: replace(proof, content={}), "anchoring.proof-form"),
        (lambda proof: replace(proof, content=proof.content | {"roster": []}), "anchoring.proof-form"),
        (lambda proof: replace(proof, content=proof.content | {"claims": {"number": 1}}), "anchoring.proof-form"),
        (lambda proof: replace(proof, content=proof.content | {"claims": None}), "anchoring.proof-form"),
        (lambda proof: replace(proof, content=proof.content | {"cosignatures": {}}), "anchoring.proof-form"),
        (lambda proof: replace(proof, content=proof.content | {"cosignatures": [{"jws": 1}]}), "anchoring.proof-form"),
        (lambda proof: replace(proof, content=proof.content | {"cosignatures": []}), "anchoring.not-final"),
        (lambda proof: replace(proof, number=proof.number + 1), "anchoring.proof-header"),
        (lambda proof: replace(proof, block_hash=b"x" * 32), "anchoring.proof-header"),
        (lambda proof: replace(proof, time=proof.time - 1), "anchoring.proof-header"),
    ],
)
def test_a_stored_checkpoint_that_was_changed(case: Case, change: Callable[[FinalityProof], Any], code: str) -> None:
    document = case.anchored()
    record = case.records[document.digest]
    assert record.proof
    case.records[document.digest] = replace(record, proof=change(record.proof))
    verdict = case.verify(document)
    assert verdict.authentic is Authentic.INDETERMINATE
    assert outcome(verdict, code) == "unknown"


# --- the facts themselves


def test_every_fact_of_the_registries_as_plain_data(case: Case) -> None:
    chain, registries = case.consortium.chain, case.consortium.registries
    facts, head = RegistryFacts(chain, registries), chain.head()
    public = case.consortium.issuer_key("sg.carrier").public_key
    key = facts.key(public.thumbprint, head)
    assert key
    assert (key.issuer, key.public_key, key.compromises) == ("sg.carrier", public, ())
    assert [type(entry) for entry in key.entries] == [Entry]
    issuer = facts.issuer("sg.carrier", head)
    assert issuer
    assert issuer.accreditor == "sg.maritime"
    authority = facts.authority("sg.maritime", head)
    assert authority
    assert authority.country == "SG"
    address = case.consortium.account("sg.maritime", Role.ANCHOR).address
    account = facts.account(address, head)
    assert account
    assert (account.authority, account.role) == ("sg.maritime", Role.ANCHOR)
    assert [entry.code for entry in facts.accreditation("sg.carrier", BILL, head)] == [1]


def test_what_is_not_there_is_none_or_empty(case: Case) -> None:
    facts, head = RegistryFacts(case.consortium.chain, case.consortium.registries), case.consortium.chain.head()
    assert facts.key(b"x" * 32, head) is None
    assert facts.issuer("xx.nobody", head) is None
    assert facts.authority("xx.nobody", head) is None
    assert facts.account("0x" + "00" * 19 + "01", head) is None
    assert facts.anchoring((b"x" * 32, 1, b"y" * 32), head) is None
    assert facts.accreditation("xx.nobody", BILL, head) == ()
    assert facts.status("xx.nobody", b"x" * 32, head).entries == ()


def test_a_key_registered_under_a_name_that_is_not_its_own(alone: Case) -> None:
    """A registry cannot compute a thumbprint; such a key is the registry's fault and not the document's."""
    key = PrivateKey.generate(alone.consortium.issuer_key(ISSUER).public_key.algorithm)
    other = PrivateKey.generate(key.public_key.algorithm).public_key
    write = alone.issuers.contract.write
    fields = (key.public_key.thumbprint, int(other.algorithm), other.x, other.y.ljust(32, b"\0"))
    alone.act(write("addKey", ISSUER.encode().ljust(32, b"\0"), *fields, 0, 0))
    document = alone.issue(key=key)
    alone.anchor(document)
    verdict = alone.verify(document)
    assert verdict.authentic is Authentic.INDETERMINATE
    assert "issuer.key-unusable" in codes(verdict)


def test_the_node_gone_is_indeterminate(alone: Case) -> None:
    document = alone.anchored()
    alone.consortium.embedded.close()
    verdict = alone.verify(document)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
