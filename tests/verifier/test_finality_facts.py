"""Proofs of finality as an archive may hold them, right and mutated: what each is worth, and which finding says so."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anchors.finality import FinalityProof
from anchors.proof_content import LONGEST, header_of, headers_of, of_header, of_headers
from ledger.block_header import FIELDS, BlockHeader
from ledger.finality import clique, qbft
from ledger.finality.form import CHECKPOINT, Clique, Form, Qbft
from ledger.finality.qbft_extra_data import QbftExtraData
from tests.anchors.headers_chain import HeadersNode, stated
from tests.ledger import recorded_qbft
from tests.ledger.sealed_headers import clique_chain, sealers
from tests.verifier.proof_case import ProofCase
from tests.verifier.world import codes, outcome
from verifier.axes import Authentic, Usable
from verifier.report import to_dict

MEMBERS, OTHERS = sealers(3), sealers(3, 50)
HEADERS = clique_chain([MEMBERS[number % 3] for number in range(1, 31)], MEMBERS)
FOREIGN = clique_chain([OTHERS[number % 3] for number in range(1, 31)], OTHERS)
CLIQUE = Clique(tuple(one.address for one in MEMBERS))
NUMBER = 20
TIME = BlockHeader.from_rlp(HEADERS[NUMBER - 1]).time

OF_FAULT = {
    "finality.form": "anchoring.proof-form",
    "finality.header": "anchoring.proof-header",
    "finality.seal": "anchoring.proof-seal",
    "finality.set": "anchoring.proof-set",
    "finality.too-few": "anchoring.proof-too-few",
}


def proof_of(headers: list[bytes]) -> FinalityProof:
    return FinalityProof.of(clique.verify(headers, CLIQUE.signers), of_headers(headers))


GENUINE = proof_of(HEADERS[NUMBER - 1 : NUMBER + 3])


def case(form: Form = CLIQUE, blocks: list[bytes] = HEADERS) -> ProofCase:
    return ProofCase(HeadersNode([stated(header) for header in blocks]), form, TIME)


def with_content(content: Any) -> FinalityProof:
    return replace(GENUINE, content=content)


def assert_fault(judged: ProofCase, proof: FinalityProof, fault: str) -> None:
    finality = judged.finality(proof, judged.head())
    assert (finality.holds, finality.on_chain, finality.signers, finality.fault) == (False, False, (), fault)
    assert finality.detail
    verdict = judged.verdict(proof)
    assert verdict.authentic is Authentic.INDETERMINATE
    assert verdict.finality is None
    assert outcome(verdict, OF_FAULT[fault]) == "unknown"
    assert verdict.usable is (Usable.PENDING if fault == "finality.too-few" else Usable.UNKNOWN)


def test_a_good_proof_and_who_signed() -> None:
    verdict = case().verdict(GENUINE)
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    final = {"form": "clique", "block": NUMBER, "block_time": TIME, "signers": sorted(CLIQUE.signers), "of": 3}
    report = to_dict(verdict)
    assert report["finality"] | {"signers": sorted(report["finality"]["signers"])} == final
    finding = next(one for one in report["findings"] if one["code"] == "anchoring.final")
    assert finding["evidence"]["finality"] == report["finality"]


def test_a_later_blocks_proof_is_as_good_and_an_earlier_ones_is_not() -> None:
    assert case().verdict(proof_of(HEADERS[NUMBER : NUMBER + 4])).authentic is Authentic.VALID
    verdict = case().verdict(proof_of(HEADERS[NUMBER - 2 : NUMBER + 2]))
    assert "anchoring.not-final" in codes(verdict)
    assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.PENDING)


def test_a_block_that_this_chain_does_not_have() -> None:
    turns = [MEMBERS[(number + 1) % 3] for number in range(1, 31)]
    for others in (clique_chain(turns, MEMBERS), HEADERS[: NUMBER - 1]):
        judged = case(blocks=others)
        finality = judged.finality(GENUINE, judged.head())
        assert (finality.holds, finality.on_chain, finality.of) == (True, False, 3)
        verdict = judged.verdict(GENUINE)
        assert outcome(verdict, "anchoring.block-differs") == "unknown"
        assert (verdict.authentic, verdict.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("field", range(len(BlockHeader.from_rlp(HEADERS[0]).fields)), ids=lambda at: FIELDS[at].name)
def test_a_field_of_a_header_that_was_changed(place: int, field: int) -> None:
    headers = list(headers_of(GENUINE.content))
    header = BlockHeader.from_rlp(headers[place])
    value = header.fields[field]
    changed = bytes([*value[:-1], value[-1] ^ 1]) if value else b"\1"
    headers[place] = BlockHeader((*header.fields[:field], changed, *header.fields[field + 1 :])).rlp
    name = FIELDS[field].name
    breaks_a_link = place < 3 or name in ("number", "parentHash")
    assert_fault(case(), with_content(of_headers(headers)), "finality.header" if breaks_a_link else "finality.seal")


@settings(max_examples=300)
@given(st.integers(0, 3), st.data())
def test_no_byte_of_a_header_can_be_changed(place: int, data: st.DataObject) -> None:
    headers = list(headers_of(GENUINE.content))
    at = data.draw(st.integers(0, len(headers[place]) - 1))
    byte = data.draw(st.integers(1, 255))
    headers[place] = headers[place][:at] + bytes([headers[place][at] ^ byte]) + headers[place][at + 1 :]
    judged = case()
    finality = judged.finality(with_content(of_headers(headers)), judged.head())
    assert finality.fault in OF_FAULT
    assert not finality.holds


def test_seals() -> None:
    """Of the last header, so that no link breaks: no signature, nobody's, another's of the set."""
    last = BlockHeader.from_rlp(HEADERS[NUMBER + 2])
    for seal in (bytes(65), b"\1" * 64 + b"\0", last.extra_data[-65:-1] + b"\4", last.extra_data[-65:-1] + b"\x1b"):
        changed = last.with_extra_data(last.extra_data[:-65] + seal).rlp
        headers = [*HEADERS[NUMBER - 1 : NUMBER + 2], changed]
        assert_fault(case(), with_content(of_headers(headers)), "finality.seal")
    for kept in (64, 66):
        extra = (last.extra_data + b"\0")[: 32 + kept]
        headers = [*HEADERS[NUMBER - 1 : NUMBER + 2], last.with_extra_data(extra).rlp]
        assert_fault(case(), with_content(of_headers(headers)), "finality.form")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_descendants_that_are_not_there(count: int) -> None:
    assert_fault(case(), with_content(of_headers(HEADERS[NUMBER - 1 : NUMBER - 1 + count])), "finality.too-few")


def test_headers_out_of_order_or_left_out() -> None:
    first, second, third, fourth = headers_of(GENUINE.content)
    for headers in ([first, third, fourth], [first, third, second, fourth], [first, first, second, third]):
        assert_fault(case(), with_content(of_headers(headers)), "finality.header")


def test_another_networks_signers_whatever_the_proof_says() -> None:
    foreign = FinalityProof.of(
        clique.verify(FOREIGN[NUMBER - 1 : NUMBER + 3], [one.address for one in OTHERS]),
        of_headers(FOREIGN[NUMBER - 1 : NUMBER + 3]),
    )
    # Even on a node that follows the other network: what is pinned decides.
    assert_fault(case(blocks=FOREIGN), foreign, "finality.seal")
    assert_fault(case(), foreign, "finality.seal")


@pytest.mark.parametrize("change", [{"number": NUMBER + 1}, {"block_hash": b"x" * 32}, {"time": TIME + 1}])
def test_a_proof_kept_for_another_block(change: dict[str, Any]) -> None:
    assert_fault(case(), replace(GENUINE, **change), "finality.header")


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"headers": []},
        {"headers": None},
        {"headers": "0x00"},
        {"headers": [1]},
        {"headers": ["0x"]},
        {"headers": ["0xabc"]},
        {"headers": ["0xAB"]},
        {"headers": ["00"]},
        {"headers": ["0x00"]},
        {"headers": ["0xc0"]},
        {"headers": ["0x" + "00" * 70_000]},
        {"headers": [f"0x{HEADERS[0].hex()}"] * (LONGEST + 1)},
        {**GENUINE.content, "signers": [one.address for one in OTHERS]},
        {"header": GENUINE.content["headers"][0]},
        {"claims": {}, "cosignatures": []},
    ],
)
def test_contents_that_are_no_clique_proof(content: dict[str, Any]) -> None:
    assert_fault(case(), with_content(content), "finality.form")


@pytest.mark.parametrize("form", ["checkpoint", "qbft", "", "Clique"])
def test_a_proof_of_another_form_is_not_a_proof(form: str) -> None:
    assert_fault(case(), replace(GENUINE, form=form), "finality.form")


def test_a_good_proof_of_another_form_than_the_networks() -> None:
    assert_fault(case(form=CHECKPOINT), GENUINE, "finality.form")
    assert_fault(case(form=Qbft(recorded_qbft.sets(*CLIQUE.signers))), GENUINE, "finality.form")


# --- QBFT: the recorded network

QBFT = Qbft(recorded_qbft.sets()) if recorded_qbft.BLOCKS else None


def recorded(number: int) -> FinalityProof:
    header = recorded_qbft.header(number)
    return FinalityProof.of(qbft.verify(header, recorded_qbft.sets()), of_header(header))


def recorded_case(number: int, form: Form | None = None) -> ProofCase:
    time = int(recorded_qbft.BLOCKS[number]["timestamp"], 16)
    return ProofCase(HeadersNode(recorded_qbft.BLOCKS), form or Qbft(recorded_qbft.sets()), time)


@recorded_qbft.needed
@pytest.mark.parametrize("number", range(1, 61))
def test_every_recorded_block(number: int) -> None:
    verdict = recorded_case(number).verdict(recorded(number))
    assert (verdict.authentic, verdict.usable) == (Authentic.VALID, Usable.ACTIVE)
    assert verdict.finality
    assert (verdict.finality.form, verdict.finality.number, verdict.finality.of) == ("qbft", number, 4)
    assert 3 <= len(verdict.finality.signers) <= 4
    assert set(verdict.finality.signers) <= set(recorded_qbft.VALIDATORS)


def changed(number: int, **parts: Any) -> FinalityProof:
    """The recorded proof with other extra data."""
    header = BlockHeader.from_rlp(header_of(recorded(number).content))
    extra = replace(QbftExtraData.of(header), **parts)
    return replace(
        recorded(number), content=of_header(header.with_extra_data(extra.encode(extra.round, extra.seals)).rlp)
    )


@recorded_qbft.needed
def test_recorded_seals_and_sets() -> None:
    judged, extra = recorded_case(40), QbftExtraData.of(BlockHeader.from_rlp(recorded_qbft.header(40)))
    assert_fault(judged, changed(40, seals=extra.seals[:2]), "finality.too-few")
    assert_fault(judged, changed(40, seals=()), "finality.too-few")
    assert_fault(judged, changed(40, seals=(*extra.seals[:2], extra.seals[0])), "finality.seal")
    assert_fault(judged, changed(40, seals=(*extra.seals[:2], bytes(65))), "finality.seal")
    assert_fault(judged, changed(40, round=b"\7"), "finality.seal")
    assert_fault(judged, changed(40, validators=extra.validators[:3]), "finality.set")
    assert_fault(judged, changed(40, validators=extra.validators[::-1]), "finality.set")
    assert_fault(judged, changed(40, validators=()), "finality.set")


@recorded_qbft.needed
def test_recorded_headers_of_other_validators_than_the_pinned() -> None:
    others = recorded_qbft.sets(*(one.address for one in sealers(4)))
    assert_fault(recorded_case(40, Qbft(others)), recorded(40), "finality.set")
    assert_fault(recorded_case(40, Qbft(recorded_qbft.sets(start=41))), recorded(40), "finality.set")
    assert_fault(recorded_case(40, CHECKPOINT), recorded(40), "finality.form")
    assert_fault(recorded_case(40, CLIQUE), replace(recorded(40), form="clique"), "finality.form")


@recorded_qbft.needed
@settings(max_examples=200)
@given(st.sampled_from([1, 20, 40, 60]), st.data())
def test_no_byte_of_a_recorded_header_can_be_changed(number: int, data: st.DataObject) -> None:
    header = recorded_qbft.header(number)
    at = data.draw(st.integers(0, len(header) - 1))
    byte = data.draw(st.integers(1, 255))
    mutated = header[:at] + bytes([header[at] ^ byte]) + header[at + 1 :]
    judged = recorded_case(number)
    finality = judged.finality(replace(recorded(number), content=of_header(mutated)), judged.head())
    assert finality.fault in OF_FAULT
    assert not finality.holds
