"""Bodies, scope, recognition and operators, asked of the real registries on the embedded chain."""

from collections.abc import Sequence
from typing import Any

import pytest

from ledger.account import Account
from ledger.envelope import Envelope
from ledger.issuer_registry import NO_LIMIT, Limit
from ledger.jwk import Algorithm
from ledger.operator import Grant, operator_id
from ledger.private_key import PrivateKey
from ledger.recognition import Arrangement, Direction, Terms
from ledger.recognition_registry import offer_id
from ledger.trade_role import ANY_ROLE, TradeRole
from ledger.transaction import Call
from tests.consortium import Consortium
from tests.verifier.chain_case import Case
from tests.verifier.file_twin import file_of, judged
from tests.verifier.world import AEO, BILL, CERTIFICATE, codes, document, outcome
from verifier.axes import Authentic, Usable
from verifier.registry_facts import RegistryFacts
from verifier.subject import Subject
from verifier.verdict import Verdict

CHAMBER, CUSTOMS, BODY, DESK, AEO_OFFICE = "cn.chamber", "cn.customs", "cn.origin", "cn.visa-desk", "cn.aeo"
ARRANGEMENT = "sg.partners"
CODE = document(AEO)["operator"]["code"]


@pytest.fixture
def case(consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A consortium of its own, for what cannot be taken back."""
    with consortium_template.copy(tmp_path_factory.mktemp("registries")) as consortium:
        yield Case(consortium)


# --- accreditation through a body


class Desk:
    """An issuer that a body has accredited for certificates, in its own name."""

    def __init__(self, case: Case, limits: Limit = NO_LIMIT) -> None:
        self.case, self.key, self.account = case, PrivateKey.generate(Algorithm.ES256), Account.generate()
        case.act(case.issuers.authorize_body(BODY), CHAMBER)
        case.act(case.issuers.add_account(BODY, self.account.address), CHAMBER)
        self.act(case.issuers.add_issuer(DESK, BODY))
        self.act(case.issuers.accredit(DESK, [CERTIFICATE], limits=limits))
        self.act(case.issuers.add_key(DESK, self.key.public_key))

    def act(self, call: Call) -> None:
        """By the body's own account."""
        self.case.consortium.clock.advance(1)
        self.case.consortium.submit(self.account, call)

    def anchored(self) -> Envelope:
        envelope = self.case.issue(CERTIFICATE, DESK, self.key)
        self.case.anchor(envelope)
        return envelope


def test_an_issuer_under_a_body_and_every_way_that_its_chain_breaks(case: Case) -> None:
    desk = Desk(case)
    first = desk.anchored()
    verdict = case.verify(first)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert facts_of(verdict, "issuer.accredited")["chain"] == [DESK, BODY, CHAMBER, "CN"]

    case.act(case.issuers.suspend_issuer(BODY, 5), CHAMBER)
    during = desk.anchored()
    case.act(case.issuers.reinstate_issuer(BODY), CHAMBER)
    assert facts_of(case.verify(during), "issuer.body-suspended")["suspended_by"] == "authority"

    desk.act(case.issuers.suspend_issuer(DESK))
    suspended = desk.anchored()
    desk.act(case.issuers.reinstate_issuer(DESK))
    assert facts_of(case.verify(suspended), "issuer.suspended")["suspended_by"] == "body"

    again = desk.anchored()
    case.act(case.issuers.end_body(BODY), CHAMBER)
    after = desk.anchored()
    assert "issuer.body-not-authorized" in codes(case.verify(after))
    found = [case.authentic(one) for one in (first, during, suspended, again, after)]
    valid, invalid = Authentic.VALID, Authentic.INVALID
    assert found == [valid, invalid, invalid, valid, invalid]


def test_what_the_body_loses_its_issuers_lose(case: Case) -> None:
    desk = Desk(case)
    before = desk.anchored()
    case.act(case.issuers.end_accreditation(BODY, CERTIFICATE), CHAMBER)
    after = desk.anchored()
    assert [case.authentic(before), case.authentic(after)] == [Authentic.VALID, Authentic.INVALID]
    assert facts_of(case.verify(after), "issuer.body-not-accredited")["link"] == BODY


def test_scope_as_the_contract_answers(case: Case) -> None:
    desk = Desk(case, Limit.AGREEMENT | Limit.HS_CHAPTER)
    outside = desk.anchored()
    desk.act(case.issuers.add_scope(DESK, CERTIFICATE, ["agreement.rcep", "hs.85"]))
    inside = desk.anchored()
    desk.act(case.issuers.end_scope(DESK, CERTIFICATE, "hs.85"))
    ended = desk.anchored()
    verdicts = [case.verify(one) for one in (outside, inside, ended)]
    assert [one.authentic for one in verdicts] == [Authentic.INVALID, Authentic.VALID, Authentic.INVALID]
    times = [case.verifier.sources.facts.head().timestamp, *(anchored_at(one) for one in verdicts)]
    stated = ["agreement.rcep", "hs.85"]
    assert [case.issuers.covers(DESK, CERTIFICATE, stated, time, times[0]) for time in times[1:]] == [
        one.authentic is Authentic.VALID for one in verdicts
    ]
    assert facts_of(verdicts[2], "issuer.out-of-scope")["code"] == "hs.85"


# --- recognition


def speak(case: Case, country: str, call: Call) -> int:
    return case.act(call, f"{country.lower()}.customs")


def sign(case: Case, programme: str, proposer: str, *others: str) -> str:
    name = f"{proposer.lower()}.{programme}-partners"
    registry = case.consortium.registries.recognition
    speak(case, proposer, registry.propose_arrangement(Arrangement(name, programme), others))
    for country in others:
        speak(case, country, registry.accept_arrangement(name))
    return name


def agree(
    case: Case, arrangement: str, recogniser: str, recognised: str, *, roles: TradeRole = ANY_ROLE, since: int = 0
) -> None:
    registry = case.consortium.registries.recognition
    terms = Terms(arrangement, recogniser, recognised, roles, effective_from=since)
    speak(case, recogniser, registry.offer([terms]))
    speak(case, recognised, registry.accept([offer_id(terms)]))


def facts_of(verdict: Verdict, code: str) -> dict[str, Any]:
    return next(dict(finding.facts) for finding in verdict.findings if finding.code == code)


def anchored_at(verdict: Verdict) -> int:
    return int(facts_of(verdict, "anchoring.final")["anchored_at"])


def usable(case: Case, envelope: Envelope, countries: Sequence[str]) -> list[str]:
    return [case.verify(envelope, relying_country=country).usable.value for country in countries]


def test_from_stranger_to_signed_to_in_effect_to_suspended_in_the_next_block(case: Case) -> None:
    credential = case.anchored(AEO, AEO_OFFICE)
    assert "recognition.not-agreed" in codes(case.verify(credential, relying_country="SG"))
    arrangement = sign(case, "aeo", "SG", "CN")
    verdict = case.verify(credential, relying_country="SG")
    assert verdict.usable is Usable.NOT_RECOGNISED
    assert facts_of(verdict, "recognition.signed-not-in-effect")["arrangements"] == [arrangement]
    agree(case, arrangement, "SG", "CN")
    assert usable(case, credential, ["SG", "CN", "KR"]) == ["ACTIVE", "ACTIVE", "NOT_RECOGNISED"]

    registry, direction = case.consortium.registries.recognition, Direction("aeo", "SG", "CN")
    time = speak(case, "CN", registry.suspend([direction], 3))
    verdict = case.verify(credential, relying_country="SG")
    assert verdict.as_of
    assert verdict.as_of.timestamp == time
    assert facts_of(verdict, "recognition.suspended")["by"] == ["CN"]
    assert case.verify(credential, relying_country="SG", at=time - 1).usable is Usable.ACTIVE
    speak(case, "CN", registry.resume([direction]))
    assert usable(case, credential, ["SG"]) == ["ACTIVE"]
    speak(case, "SG", registry.end([direction]))
    assert outcome(case.verify(credential, relying_country="SG"), "recognition.ended") == "fail"
    assert case.authentic(credential) is Authentic.VALID


def test_recognition_is_not_transitive(case: Case) -> None:
    """CN-SG and SG-KR in effect give no CN-KR."""
    credential = case.anchored(AEO, AEO_OFFICE)
    arrangement = sign(case, "aeo", "SG", "CN", "KR")
    for one in (("CN", "SG"), ("SG", "CN"), ("SG", "KR"), ("KR", "SG")):
        agree(case, arrangement, *one)
    assert usable(case, credential, ["SG", "KR"]) == ["ACTIVE", "NOT_RECOGNISED"]
    assert "recognition.signed-not-in-effect" in codes(case.verify(credential, relying_country="KR"))


def test_a_bill_and_a_certificate_are_recognised_at_their_anchors(case: Case) -> None:
    bills, certificates = sign(case, "ebl", "SG", "CN"), sign(case, "origin", "SG", "CN")
    early = case.anchored(BILL)
    agree(case, bills, "SG", "CN")
    agree(case, certificates, "SG", "CN")
    bill, origin = case.anchored(BILL), case.anchored(CERTIFICATE, BODY)
    registry = case.consortium.registries.recognition
    speak(case, "SG", registry.end([Direction("ebl", "SG", "CN"), Direction("origin", "SG", "CN")]))
    late = case.anchored(BILL)
    found = [case.verify(one, relying_country="SG").usable.value for one in (early, bill, origin, late)]
    assert found == ["NOT_RECOGNISED", "ACTIVE", "ACTIVE", "NOT_RECOGNISED"]


def test_a_member_removed_by_vote_what_was_anchored_before_stays_authentic(case: Case) -> None:
    arrangement = sign(case, "ebl", "SG", "JP")
    agree(case, arrangement, "SG", "JP")
    before = case.anchored(issuer="jp.carrier")
    case.vote(case.consortium.registries.authority.end_member("JP"))
    after = case.issue(issuer="jp.carrier")
    case.anchor(after, "CN", "SG", "KR")
    assert [case.authentic(before), case.authentic(after)] == [Authentic.VALID, Authentic.INVALID]
    assert case.verify(before, relying_country="SG").usable is Usable.ACTIVE


def test_roles_that_the_terms_do_not_cover(case: Case) -> None:
    credential = case.anchored(AEO, AEO_OFFICE)
    agree(case, sign(case, "aeo", "SG", "CN"), "SG", "CN", roles=TradeRole.IMPORTER)
    assert "recognition.role-not-covered" in codes(case.verify(credential, relying_country="SG"))


# --- operators


def test_an_operator_granted_suspended_reinstated_and_ended(case: Case) -> None:
    credential = case.anchored(AEO, AEO_OFFICE)
    assert outcome(case.verify(credential), "operator.not-registered") == "warn"
    registry, operator = case.consortium.registries.operator, operator_id(CODE)
    steps = [
        registry.grant([Grant(CODE, 2, TradeRole.EXPORTER)]),
        registry.suspend([operator], 4),
        registry.reinstate([operator]),
        registry.end([operator]),
    ]
    found = []
    for call in steps:
        time = case.act(call, CUSTOMS)
        verdict = case.verify(credential)
        assert verdict.as_of
        assert verdict.as_of.timestamp == time
        found.append((verdict.authentic.value, verdict.usable.value))
    assert found == [("VALID", state) for state in ("ACTIVE", "SUSPENDED", "ACTIVE", "REVOKED")]


def test_evidence_of_a_digest_records_the_operator_that_is_named(case: Case) -> None:
    """The node does not know whom a credential is about; whoever asks for the evidence may say it."""
    credential = case.anchored(AEO, AEO_OFFICE)
    case.act(case.consortium.registries.operator.grant([Grant(CODE, 2, TradeRole.EXPORTER)]), CUSTOMS)
    presented, named = Subject.presented(credential.serialize()), Subject.named(credential.digest)
    for code, usable in ((CODE, Usable.ACTIVE), (None, Usable.UNKNOWN), ("ANOTHER", Usable.UNKNOWN)):
        file = file_of(case, named, operator_code=code)
        found = judged(file, case.roots, case.consortium.clock(), presented)
        assert (found.authentic, found.usable) == (Authentic.VALID, usable)


# --- the facts themselves


def test_what_is_not_there_is_none_or_empty(case: Case) -> None:
    facts, head = RegistryFacts(case.consortium.chain, case.consortium.registries), case.consortium.chain.head()
    assert facts.scope(BODY, CERTIFICATE, "hs.85", head) == ()
    assert facts.operator(CUSTOMS, CODE, head) is None
    assert facts.operator(CUSTOMS, " 经营者", head) is None
    held = facts.recognition(Direction("aeo", "SG", "XX"), head)
    assert (held.agreements, held.parties) == ((), {})


def test_the_node_gone_is_never_a_no(case: Case) -> None:
    credential = case.anchored(AEO, AEO_OFFICE)
    case.consortium.embedded.close()
    verdict = case.verify(credential, relying_country="SG")
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
