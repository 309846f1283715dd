"""Each fact of the recognition registry proved from a header's state root; terms that cannot be."""

import pytest

from contracts import artifact
from contracts.layout import Key, locate
from ledger.country import to_bytes2
from ledger.dated_list import Entry
from ledger.errors import Invalid
from ledger.identifier import to_bytes32
from ledger.recognition import Arrangement, Direction, RecognitionChange, Terms
from ledger.recognition_registry import NAME, RecognitionRegistry, offer_id
from ledger.state_proof import verify_state
from ledger.trade_role import TradeRole
from tests.consortium import Consortium
from tests.ledger.recognition_steps import agree, arrange, customs

TEXT, BENEFITS = b"\x0a" * 32, b"\x0b" * 32


@pytest.fixture(scope="module")
def registry(consortium: Consortium) -> RecognitionRegistry:
    return consortium.registries.recognition


def slot(label: str, *path: Key) -> int:
    return locate(artifact(NAME), label, *path).slot


def test_each_fact_has_a_proof(consortium: Consortium, registry: RecognitionRegistry) -> None:
    """Yes and no, by slots under the header's state root, with nothing taken from the getters but to compare."""
    name, terms = to_bytes32("cn.proof"), Terms("cn.proof", "CN", "SG", TradeRole.CARRIER, BENEFITS, 1_900_000_000)
    direction, programme = Direction("proof", "CN", "SG"), to_bytes32("proof")
    arrange(consortium, Arrangement("cn.proof", "proof", TEXT), ["CN", "SG"])
    agree(consortium, terms)
    consortium.submit(customs(consortium, "SG"), registry.suspend([direction], 9))
    offer, place = offer_id(terms), (programme, b"CNSG")
    agreed = registry.recognition_entries(direction)[0]
    suspended = registry.suspension_entries(direction, "SG")[0]
    party = registry.party_entries("cn.proof", "SG")
    facts = {
        slot("_arrangement", name, "programme"): programme,
        slot("_arrangement", name, "text"): TEXT,
        slot("_partyEntries", name, to_bytes2("SG")): len(party).to_bytes(32, "big"),
        slot("_partyEntries", name, to_bytes2("SG"), 1, "code"): word(party[1]),
        slot("_offerTerms", offer, "arrangement"): name,
        slot("_offerTerms", offer, "benefits"): BENEFITS,
        slot("_recognitionEntries", *place): (1).to_bytes(32, "big"),
        slot("_recognitionEntries", *place, 0, "code"): word(agreed),
        slot("_recognitionOffers", *place, 0): offer,
        slot("_suspensionEntries", *place, to_bytes2("SG"), 0, "code"): word(suspended),
        slot("_suspensionEntries", *place, to_bytes2("CN")): bytes(32),
        slot("_recognitionEntries", programme, b"SGCN"): bytes(32),
        slot("_recognitionEntries", programme, b"CNKR"): bytes(32),
        slot("_recognitionEntries", *place, 1, "code"): bytes(32),
        slot("_arrangement", to_bytes32("cn.nothing"), "programme"): bytes(32),
    }
    for kind in RecognitionChange:
        head = registry.changes(kind)
        facts[slot("_changes", kind, "count")] = head.count.to_bytes(32, "big")
        facts[slot("_changes", kind, "head")] = head.head
    block = consortium.chain.head()
    proof = consortium.chain.proof(registry.contract.address, list(facts), block.number)
    assert verify_state(block.state_root, proof)
    assert {place: found.value for place, found in proof.slots.items()} == facts
    assert registry.slots(list(facts)) == tuple(facts.values())


def word(entry: Entry) -> bytes:
    """An entry as it fills its slot: the first member in the lowest bytes."""
    dates = entry.recorded_at << 192 | entry.effective_until << 128 | entry.effective_from << 64
    return (dates | entry.detail << 32 | entry.code).to_bytes(32, "big")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Terms("cn.old", "CN", "cn"), "country.form"),
        (Terms("CN.old", "CN", "SG"), "identifier.form"),
        (Terms("cn.old", "CN", "SG", TradeRole(2**32)), "contract.argument"),
        (Terms("cn.old", "CN", "SG", effective_from=2**64), "contract.argument"),
        (Terms("cn.old", "CN", "SG", effective_until=-1), "contract.argument"),
        (Terms("cn.old", "CN", "SG", benefits=b"\x01" * 33), "contract.argument"),
    ],
)
def test_terms_that_cannot_be(registry: RecognitionRegistry, change: Terms, code: str) -> None:
    for call in (lambda: registry.offer([change]), lambda: offer_id(change)):
        with pytest.raises(Invalid) as caught:
            call()
        assert caught.value.code == code
