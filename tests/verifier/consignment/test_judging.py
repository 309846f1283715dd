"""A consignment judged on the chain in memory: verdicts stand for themselves, and credit follows from registries."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.demonstration.samples import sample
from ledger.document_registry import Status
from ledger.envelope import Envelope, issue, withhold
from ledger.kinds import kind as kind_named
from ledger.recognition import Direction
from tests.verifier.consignment.papers import AEO, BILL, CERTIFICATE, DECLARATION, INVOICE
from tests.verifier.world import ISSUER, START, World, key_named
from verifier.axes import Authentic, Usable
from verifier.consignment.credit import credits_of
from verifier.consignment.judging import Consignment, judge_consignment
from verifier.consignment.nature import Nature
from verifier.consignment.statement import Statement
from verifier.decision.decision import Decision, decide
from verifier.decision.facts_of import facts_of, transport_documents
from verifier.decision.policy_reading import default_policy
from verifier.decision.vocabulary import VOCABULARY
from verifier.question import Question
from verifier.subject import Subject
from verifier.verify import Verifier

CUSTOMS, OFFICE = "cn.customs", "cn.aeo-office"
TO_SG = Direction("aeo", "SG", "CN")
SIGNERS = {BILL: ISSUER, CERTIFICATE: "cn.chamber-office", AEO: OFFICE}
CODE = "AEOCN3302961K7Q"


class Site:
    """A world in which all three issuers are accredited, and customs lists the operator."""

    def __init__(self) -> None:
        self.world = World()
        self.world.admit(CUSTOMS, "CN", "0xcustoms")
        for kind, issuer in SIGNERS.items():
            if kind != BILL:
                self.world.accredit(issuer, kind, by=CUSTOMS)
                self.world.add_key(issuer, issuer)
        self.world.record("operator", CUSTOMS, CODE, code=1)
        self.world.agree(TO_SG)
        self.world.sign("SG", "CN")
        self.world.record("member", "SG", code=1)

    def envelope(self, kind: str, **changes: Any) -> Envelope:
        key = key_named("first" if kind == BILL else SIGNERS[kind])
        return issue(sample(kind) | changes, kind_named(kind), SIGNERS[kind], key, iat=START)

    def anchored(self, kind: str, **changes: Any) -> Envelope:
        envelope = self.envelope(kind, **changes)
        self.world.anchor(envelope)
        return envelope

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.world.sources(), clock=lambda: self.world.now)

    def judge(self, *presented: Envelope | Statement, country: str | None = "SG") -> Consignment:
        return judge_consignment(self.verifier, [subject(one) for one in presented], Question(relying_country=country))

    def decide(self, *presented: Envelope | Statement, country: str | None = "SG", draw: int | None = None) -> Decision:
        question = Question(relying_country=country)
        return decide(self.verifier, [subject(one) for one in presented], question, default_policy(), lambda _: draw)


def subject(one: Envelope | Statement) -> Subject | Statement:
    return one if isinstance(one, Statement) else Subject.presented(one.serialize())


def statement(kind: str, **changes: Any) -> Statement:
    return Statement.read(kind, sample(kind) | changes)


@pytest.fixture
def site() -> Site:
    return Site()


def whole(site: Site) -> list[Envelope | Statement]:
    envelopes = [site.anchored(kind) for kind in SIGNERS]
    return [*envelopes, statement(DECLARATION), statement(INVOICE)]


def outcome(decision: Decision) -> tuple[str, str]:
    return decision.recommendation.inspection.value, decision.recommendation.decided_by.name


def test_high_credit_and_clean_is_none(site: Site) -> None:
    decision = site.decide(*whole(site))
    assert outcome(decision) == ("none", "high-credit")
    assert [finding.code for finding in decision.consignment.findings if finding.outcome != "pass"] == []
    assert decision.facts.keys() == VOCABULARY.keys()


@pytest.mark.parametrize("country", ["SG", "CN", None, "KR"])
def test_credit_is_what_the_relying_country_gives(site: Site, country: str | None) -> None:
    """At home none has to recognise it; Korea does not; without a country nobody was asked."""
    decision = site.decide(*whole(site), country=country)
    [credit] = decision.operators
    assert credit.expected is {"SG": True, "CN": True, "KR": False, None: None}[country]
    assert credit.party is True
    assert outcome(decision)[0] == ("none" if credit.expected else "sampling" if country is None else "document-check")


def test_a_suspended_operator_has_no_credit(site: Site) -> None:
    presented = whole(site)
    site.world.record("operator suspension", CUSTOMS, CODE, code=1)
    decision = site.decide(*presented)
    [credit] = decision.operators
    assert credit.expected is False
    assert credit.benefit is not None
    assert credit.benefit.failing == "operator-suspended"
    assert outcome(decision) == ("physical", "withdrawn")


def test_a_bill_that_no_country_recognises_is_still_a_genuine_one(site: Site) -> None:
    decision = site.decide(site.anchored(BILL))
    [(judged, verdict)] = decision.consignment.signed
    assert (verdict.usable, judged.use) == (Usable.NOT_RECOGNISED, Usable.ACTIVE)
    assert decision.facts["documents.unrecognised"] == 1
    assert outcome(decision) == ("sampling", "low-risk")


def test_a_contradiction_changes_no_verdict(site: Site) -> None:
    presented = whole(site)
    alone = [site.judge(one).papers[0].verdict for one in presented]
    presented[3] = statement(DECLARATION, packages={"number": 7})
    together = site.decide(*presented)
    assert outcome(together) == ("physical", "contradiction")
    assert [one.verdict for one in together.consignment.papers] == alone
    for finding in together.consignment.findings:
        assert all(finding not in verdict.findings for _, verdict in together.consignment.signed)


def test_a_revoked_document_is_looked_at(site: Site) -> None:
    presented = whole(site)
    assert isinstance(presented[0], Envelope)
    site.world.set_status(presented[0], Status.REVOKED)
    decision = site.decide(*presented)
    assert outcome(decision) == ("physical", "withdrawn")
    assert decision.consignment.papers[0].paper.nature is Nature.SIGNED


def test_a_forged_document_is_looked_at_and_compared_with_nothing(site: Site) -> None:
    bill, certificate = site.anchored(BILL), site.anchored(CERTIFICATE)
    forged = Subject.presented(bill.serialize().replace("~W", "~X", 1))
    decision = decide(site.verifier, [forged, subject(certificate)], Question(), default_policy())
    assert outcome(decision) == ("physical", "forged")
    assert [finding.code for finding in decision.consignment.findings] == ["opened.not"]
    assert decision.drawn_for == ()


def test_a_fault_of_the_node_is_no_reason_to_open_the_container(site: Site) -> None:
    """Nothing can be read: no verdict is INVALID, and so no rule for forgeries holds."""
    presented = whole(site)

    def away() -> Any:
        raise OSError("away")

    site.world.head = away  # type: ignore[method-assign]
    decision = site.decide(*presented)
    assert {verdict.authentic for _, verdict in decision.consignment.signed} == {Authentic.INDETERMINATE}
    assert outcome(decision) == ("document-check", "otherwise")
    assert decision.consignment.as_of is None


def test_what_is_withheld_is_not_credit(site: Site) -> None:
    presented = whole(site)
    assert isinstance(presented[0], Envelope)
    presented[0] = withhold(presented[0], ["/documentParties", "/consignmentItems"])
    decision = site.decide(*presented)
    assert decision.facts["findings.unknown"]
    assert outcome(decision) == ("document-check", "otherwise")
    assert decision.facts["goods.chapters"].complete is False  # type: ignore[union-attr]


def test_a_credential_of_a_stranger_gives_no_credit(site: Site) -> None:
    operator = {"name": "Somebody Else Ltd", "code": "AEOCN0000001", "countryCode": "CN"}
    site.world.record("operator", CUSTOMS, "AEOCN0000001", code=1)
    decision = site.decide(site.anchored(BILL), site.anchored(AEO, operator=operator))
    [credit] = decision.operators
    assert (credit.expected, credit.party) == (True, False)
    assert outcome(decision) == ("sampling", "low-risk")


def test_statements_alone_are_nobodys_word(site: Site) -> None:
    decision = site.decide(statement(DECLARATION), statement(INVOICE), statement(BILL))
    assert decision.facts["documents.signed"] == 0
    assert {one.paper.nature for one in decision.consignment.papers} == {Nature.STATED}
    assert outcome(decision) == ("document-check", "otherwise")
    assert decision.drawn_for == ()


@given(st.permutations(range(5)))
@settings(max_examples=20, deadline=None)
def test_the_order_does_not_matter(order: list[int]) -> None:
    site = Site()
    presented = whole(site)
    presented[3] = statement(DECLARATION, packages={"number": 7})
    usual = site.decide(*presented, draw=3)
    other = site.decide(*(presented[place] for place in order), draw=3)
    assert other.facts == usual.facts
    assert other.recommendation == usual.recommendation
    assert other.drawn_for == usual.drawn_for == tuple(transport_documents(usual.consignment))
    assert facts_of(other.consignment, credits_of(other.consignment)) == usual.facts


def test_without_any_block_the_operator_is_not_known(site: Site) -> None:
    bill, credential = site.anchored(BILL), site.envelope(AEO)
    decision = site.decide(bill, credential)
    [credit] = decision.operators
    assert credit.expected is None
    assert outcome(decision) == ("document-check", "otherwise")
