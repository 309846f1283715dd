"""Evidence whose block is of the recorded QBFT network (../shared/vectors/chain): every byte of its header counts."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ledger.errors import Unavailable
from ledger.finality.form import Qbft
from tests.consortium import Consortium
from tests.ledger import recorded_qbft
from tests.ledger.recorded_qbft import RECORDED
from tests.ledger.sealed_headers import qbft, sealers
from tests.verifier.chain_case import Case
from tests.verifier.kept_files import Kept
from verifier.axes import Authentic
from verifier.evidence_file import EvidenceFile
from verifier.evidence_reading import read_evidence
from verifier.offline import offline
from verifier.trust_roots import TrustRoots

pytestmark = recorded_qbft.needed
NUMBERS = [int(case["block"]["number"], 16) for case in RECORDED["cases"]]


@pytest.fixture(scope="module")
def kept(consortium: Consortium) -> Kept:
    return Kept(Case(consortium))


@pytest.fixture(scope="module")
def roots(kept: Kept) -> TrustRoots:
    return replace(kept.roots, finality=Qbft(recorded_qbft.sets()), block=0, time=0)


def of_block(kept: Kept, number: int, header: bytes | None = None) -> EvidenceFile:
    """A file about a genuine document that rests on a recorded block; written and read again."""
    finality = {"form": "qbft", "header": header or recorded_qbft.header(number)}
    return read_evidence(replace(kept.genuine, finality=finality).encode())


def head(file: EvidenceFile, roots: TrustRoots) -> int:
    return offline(file, roots).sources.facts.head().number


def mutations(header: bytes) -> Iterator[bytes]:
    for place in range(len(header)):
        yield header[:place] + bytes([header[place] ^ (1 << place % 8)]) + header[place + 1 :]
    for cut in (1, len(header) // 2, len(header) - 1):
        yield header[:cut]
    yield header + b"\0"


@pytest.mark.parametrize("number", NUMBERS)
def test_a_recorded_block_is_final(kept: Kept, roots: TrustRoots, number: int) -> None:
    file = of_block(kept, number)
    assert head(file, roots) == number
    # Its state is another chain's: nothing of the document is recorded there.
    found = offline(file, roots, clock=lambda: kept.now).verify(file.subject)
    assert found.authentic is Authentic.INDETERMINATE


@pytest.mark.parametrize("number", NUMBERS[:2])
def test_no_byte_of_the_header_may_be_another(kept: Kept, roots: TrustRoots, number: int) -> None:
    tried = 0
    for changed in mutations(recorded_qbft.header(number)):
        with pytest.raises(Unavailable, match=r"^finality\."):
            head(replace(kept.genuine, finality={"form": "qbft", "header": changed}), roots)
        tried += 1
    assert tried > 500


def test_other_validators_have_to_be_handed_over_to(kept: Kept, roots: TrustRoots) -> None:
    """The recorded set is followed from an older one only if a quorum of that one sealed a header of it."""
    strangers = replace(roots, finality=Qbft(recorded_qbft.sets(*(one.address for one in sealers(4)))))
    first, last = recorded_qbft.header(NUMBERS[0]), of_block(kept, NUMBERS[-1])
    forged = qbft(5, sealers(4), sealers(4))
    for hand_overs in ((), (first,), (forged, first), (first, forged)):
        with pytest.raises(Unavailable, match=r"^finality\.set"):
            head(replace(last, hand_overs=hand_overs), strangers)
    assert head(replace(last, hand_overs=(first, forged)), roots) == NUMBERS[-1]


def test_one_of_the_validators_was_not_there_yet(kept: Kept, roots: TrustRoots) -> None:
    """Three of the four are pinned: their quorum of two is among the seals of the first header that lists all four."""
    three = replace(roots, finality=Qbft(recorded_qbft.sets(*recorded_qbft.VALIDATORS[:3])))
    last = of_block(kept, NUMBERS[-1])
    with pytest.raises(Unavailable, match=r"^finality\.set"):
        head(last, three)
    assert head(replace(last, hand_overs=(recorded_qbft.header(NUMBERS[0]),)), three) == NUMBERS[-1]
