"""A history with every kind of change of every registry, on a test consortium."""

from ledger.authority import Purpose, Role
from ledger.document_registry import Status, StatusChange
from ledger.jwk import Algorithm
from ledger.operator import Alias, AliasGrant, Grant, operator_id
from ledger.private_key import PrivateKey
from ledger.recognition import Arrangement, Direction, Terms
from ledger.recognition_registry import offer_id
from ledger.vote import by_vote
from tests.consortium import Consortium

DIRECTION = Direction("aeo", "CN", "SG")
CODES = [f"AEOCN{number:010}" for number in range(12)]


def write_history(consortium: Consortium) -> None:
    """Add what the founding of the consortium has not brought."""
    _governance(consortium)
    _issuers(consortium)
    _documents(consortium)
    _recognitions(consortium)
    _operators(consortium)


def _governance(consortium: Consortium) -> None:
    registry, registries = consortium.registries.authority, consortium.registries
    call = registry.name_successor(registries.issuer.contract.address, registries.document.contract.address)
    by_vote(consortium.chain, registry, consortium.voters, [call])
    key = consortium.service_key("cn.customs", Purpose.ENCRYPTION).public_key
    consortium.submit(consortium.account("cn.customs"), registry.end_service_key(key.thumbprint))


def _issuers(consortium: Consortium) -> None:
    registry, chamber = consortium.registries.issuer, consortium.account("cn.chamber")
    kind, key = "certificate-of-origin", PrivateKey.generate(Algorithm.ES256).public_key
    for call in (
        registry.authorize_body("cn.origin"),
        registry.add_scope("cn.origin", kind, ["agreement.rcep", "hs.84"]),
        registry.end_scope("cn.origin", kind, "hs.84"),
        registry.add_key("cn.origin", key),
        registry.suspend_key(key.thumbprint, 5),
        registry.suspend_issuer("cn.origin", 4),
        registry.reinstate_issuer("cn.origin"),
        registry.mark_compromised(key.thumbprint, consortium.clock.now - 1000),
    ):
        consortium.submit(chamber, call)


def _documents(consortium: Consortium) -> None:
    registry, account = consortium.registries.document, consortium.account("cn.customs", Role.ANCHOR)
    for number in range(3):
        consortium.submit(account, registry.anchor(bytes([number + 1]) * 32, 5, b"\x02" * 32))
    for status in (Status.SUSPENDED, Status.REINSTATED):
        change = StatusChange("cn.carrier", b"\x21" * 32, status, 6)
        consortium.submit(consortium.account("cn.maritime"), registry.set_status(change))


def _recognitions(consortium: Consortium) -> None:
    registry, china = consortium.registries.recognition, consortium.account("cn.customs")
    singapore, terms = consortium.account("sg.customs"), Terms("cn.aamra-2012", "CN", "SG")
    consortium.submit(china, registry.propose_arrangement(Arrangement("cn.aamra-2012", "aeo"), ["SG", "KR"]))
    consortium.submit(singapore, registry.accept_arrangement("cn.aamra-2012"))
    consortium.submit(china, registry.offer([terms]))
    consortium.submit(singapore, registry.accept([offer_id(terms)]))
    consortium.submit(singapore, registry.suspend([DIRECTION], 9))
    consortium.submit(singapore, registry.resume([DIRECTION]))
    consortium.submit(china, registry.end([DIRECTION]))


def _operators(consortium: Consortium) -> None:
    registry, china = consortium.registries.operator, consortium.account("cn.customs")
    consortium.submit(china, registry.grant([Grant(code, tier=2) for code in CODES]))
    consortium.submit(consortium.account("sg.customs"), registry.grant([Grant("SG-AEO-1")]))
    consortium.submit(china, registry.suspend([operator_id(code) for code in CODES[:3]], 7))
    consortium.submit(china, registry.reinstate([operator_id(CODES[0])]))
    alias = Alias(operator_id(CODES[1]), "sg.customs", "CN" + CODES[1] + "XY")
    consortium.submit(china, registry.add_aliases([AliasGrant(alias)]))
    consortium.submit(china, registry.end([operator_id(CODES[4])]))
