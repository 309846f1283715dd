"""Every fact of a pack is the registries' own, after any history."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.authority import Role
from ledger.chain import Chain
from ledger.document_registry import Status, StatusChange
from ledger.errors import Refused
from ledger.issuer_state import Limit
from ledger.jwk import Algorithm
from ledger.operator import Grant, operator_id
from ledger.private_key import PrivateKey
from ledger.recognition import Arrangement, Direction, Terms
from ledger.recognition_registry import offer_id
from ledger.trade_role import TradeRole
from ledger.transaction import Call
from tests.consortium import PLAN, Consortium
from tests.verifier.chain_case import Case
from verifier.facts import KeyFacts
from verifier.pack.anchored import NotKnown
from verifier.pack.facts import PackFacts
from verifier.pack.kinds import KINDS
from verifier.registry_facts import RegistryFacts

CUSTOMS = ("cn.customs", "sg.customs", "jp.customs")
ISSUERS = ("cn.carrier", "sg.carrier", "cn.origin", "kr.aeo", "cn.visa-desk")
KINDS_OF_DOCUMENT = ("bill-of-lading", "certificate-of-origin", "aeo-credential")
CODES = ("hs.84", "port.CNSHA".lower(), "agreement.rcep")
OPERATORS = ("AEOCN123", "SG-9", "none")
DIGESTS = tuple(bytes([n]) * 32 for n in range(4))
ARRANGEMENT, PROGRAMME = "sg.partners", "aeo"
COUNTRIES = ("CN", "SG", "KR", "JP", "FR")


class Histories:
    """Deeds at random, each by whoever may; what the registry refuses has not happened."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.keys = [one.public_key for one in case.consortium.keys.issuer_keys.values()]

    def do(self, draw: Any) -> None:
        deeds = (self.status, self.issuer, self.scope, self.key, self.operator, self.recognition, self.arrangement)
        authority, call = draw(st.sampled_from(deeds))(draw)
        try:
            self.case.act(call, authority)
        except Refused:
            return

    def status(self, draw: Any) -> tuple[str, Call]:
        digest, status = draw(st.sampled_from(DIGESTS)), draw(st.sampled_from(Status))
        successor = {"successor": b"s" * 32} if status is Status.SUPERSEDED else {}
        change = StatusChange("cn.carrier", digest, status, draw(st.integers(0, 9)), **successor)
        return "cn.maritime", self.case.consortium.registries.document.set_status(change)

    def issuer(self, draw: Any) -> tuple[str, Call]:
        issuers = self.case.issuers
        deeds = (
            ("cn.chamber", issuers.authorize_body("cn.origin")),
            ("cn.chamber", issuers.end_body("cn.origin")),
            ("cn.chamber", issuers.add_issuer("cn.visa-desk", "cn.origin")),
            ("cn.chamber", issuers.suspend_issuer("cn.origin", 3)),
            ("cn.chamber", issuers.reinstate_issuer("cn.origin")),
            ("sg.maritime", issuers.suspend_issuer("sg.carrier", 1)),
            ("sg.maritime", issuers.reinstate_issuer("sg.carrier")),
            ("cn.maritime", issuers.accredit("cn.carrier", ["certificate-of-origin"], limits=Limit.HS_CHAPTER)),
            ("cn.maritime", issuers.end_accreditation("cn.carrier", "bill-of-lading")),
        )
        return draw(st.sampled_from(deeds))

    def scope(self, draw: Any) -> tuple[str, Call]:
        issuers, code = self.case.issuers, draw(st.sampled_from(CODES))
        adds = issuers.add_scope("cn.carrier", "bill-of-lading", [code])
        return "cn.maritime", draw(st.sampled_from((adds, issuers.end_scope("cn.carrier", "bill-of-lading", code))))

    def key(self, draw: Any) -> tuple[str, Call]:
        # By a number, so that what is drawn does not depend on what was drawn before.
        issuers, key = self.case.issuers, self.keys[draw(st.integers(0, 999)) % len(self.keys)]
        new = PrivateKey.generate(Algorithm.ED25519).public_key
        self.keys.append(new)
        now = int(self.case.consortium.clock())
        deeds = (
            issuers.add_key("cn.carrier", new),
            issuers.retire_key(key.thumbprint),
            issuers.suspend_key(key.thumbprint, 2),
            issuers.reinstate_key(key.thumbprint),
            issuers.mark_compromised(key.thumbprint, now - draw(st.integers(0, 50))),
        )
        return "cn.maritime", draw(st.sampled_from(deeds))

    def operator(self, draw: Any) -> tuple[str, Call]:
        operators, code = self.case.consortium.registries.operator, draw(st.sampled_from(OPERATORS))
        name = operator_id(code)
        deeds = (
            operators.grant([Grant(code, 2, TradeRole.EXPORTER)]),
            operators.end([name]),
            operators.suspend([name], 4),
            operators.reinstate([name]),
        )
        return draw(st.sampled_from(CUSTOMS)), draw(st.sampled_from(deeds))

    def arrangement(self, draw: Any) -> tuple[str, Call]:
        recognitions = self.case.consortium.registries.recognition
        one = Arrangement(ARRANGEMENT, PROGRAMME)
        deeds = (
            ("sg.customs", recognitions.propose_arrangement(one, ["CN", "KR"])),
            ("cn.customs", recognitions.accept_arrangement(ARRANGEMENT)),
            ("kr.customs", recognitions.accept_arrangement(ARRANGEMENT)),
            ("cn.customs", recognitions.leave_arrangement(ARRANGEMENT)),
            ("sg.customs", recognitions.invite_party(ARRANGEMENT, "JP")),
        )
        return draw(st.sampled_from(deeds))

    def recognition(self, draw: Any) -> tuple[str, Call]:
        recognitions = self.case.consortium.registries.recognition
        terms = Terms(ARRANGEMENT, "SG", "CN", draw(st.sampled_from((TradeRole(0), TradeRole.CARRIER))))
        direction = Direction(PROGRAMME, "SG", "CN")
        deeds = (
            ("sg.customs", recognitions.offer([terms])),
            ("cn.customs", recognitions.accept([offer_id(terms)])),
            ("sg.customs", recognitions.suspend([direction], 7)),
            ("cn.customs", recognitions.suspend([direction], 8)),
            ("sg.customs", recognitions.resume([direction])),
            ("sg.customs", recognitions.end([direction])),
        )
        return draw(st.sampled_from(deeds))


@pytest.fixture(scope="module")
def histories(consortium: Consortium) -> Histories:
    return Histories(Case(consortium))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_pack_says_what_the_registries_say(histories: Histories, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 8))):
        histories.do(data.draw)
    compare(histories.case, [key.thumbprint for key in histories.keys])


def compare(case: Case, thumbprints: list[bytes]) -> None:
    """Every fact that a check can ask for, of what is registered and of what is not."""
    pack = case.packs.newest()
    found = PackFacts(pack, NotKnown())
    chain: Chain = case.consortium.chain
    asked = RegistryFacts(chain, case.consortium.registries, case.consortium.network.finality)
    block = chain.block(pack.block.number)
    assert block
    head = found.head()
    assert (head.number, head.hash, head.timestamp, head.state_root) == (
        block.number,
        block.hash,
        block.timestamp,
        block.state_root,
    )
    questions: list[tuple[str, tuple[Any, ...]]] = [
        *(("status", (issuer, digest)) for issuer in ISSUERS[:2] for digest in DIGESTS),
        *(("issuer", (issuer,)) for issuer in (*ISSUERS, "fr.nobody")),
        *(("accreditation", (issuer, kind)) for issuer in ISSUERS for kind in KINDS_OF_DOCUMENT),
        *(("scope", ("cn.carrier", "bill-of-lading", code)) for code in CODES),
        *(("authority", (one.id,)) for plan in PLAN for one in plan.authorities),
        ("authority", ("fr.customs",)),
        *(("operator", (customs, code)) for customs in CUSTOMS for code in (*OPERATORS, "\u4e2d")),
        *(("key", (one,)) for one in (*thumbprints, b"k" * 32)),
        *(("account", (one.address,)) for one in case.consortium.keys.accounts.values()),
        ("account", ("0x" + "11" * 20,)),
        *(
            ("recognition", (Direction(PROGRAMME, one, other),))
            for one in COUNTRIES
            for other in COUNTRIES
            if one != other
        ),
    ]
    for name, arguments in questions:
        assert getattr(found, name)(*arguments, block) == getattr(asked, name)(*arguments, block), (name, arguments)


def test_a_key_that_was_registered_wrongly_is_no_key_as_online(consortium: Consortium) -> None:
    case = Case(consortium)
    thumbprint = b"w" * 32
    issuers = case.consortium.registries.issuer
    word = b"x" * 32
    wrong = issuers.contract.write("addKey", b"cn.carrier".ljust(32, b"\0"), thumbprint, 2, word, bytes(32), 0, 0)
    case.act(wrong)
    block = case.consortium.chain.head()
    asked = RegistryFacts(case.consortium.chain, case.consortium.registries, case.consortium.network.finality)
    assert asked.key(thumbprint, block) == KeyFacts("", None, (), ())
    assert PackFacts(case.packs.newest(), NotKnown()).key(thumbprint, block) == KeyFacts("", None, (), ())


def test_accounts_are_those_of_authorities(consortium: Consortium) -> None:
    case = Case(consortium)
    pack = case.packs.newest()
    facts = PackFacts(pack, NotKnown())
    found = facts.account(case.consortium.account("cn.maritime", Role.ANCHOR).address, facts.head())
    assert found
    assert (found.authority, found.role) == ("cn.maritime", Role.ANCHOR)
    assert set(pack.head.counts) == set(KINDS)
