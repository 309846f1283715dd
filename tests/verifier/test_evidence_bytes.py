"""The bytes of an evidence file: flipped, cut, lengthened, of other form."""

import random
from typing import Any

import pytest

from ledger.deterministic_cbor import decode, encode
from ledger.errors import Invalid
from tests.consortium import Consortium
from tests.ledger.code_of import code_of
from tests.verifier.chain_case import Case
from tests.verifier.kept_files import GOOD, Kept
from verifier.axes import Authentic
from verifier.evidence_reading import read_evidence


@pytest.fixture(scope="module")
def kept(consortium: Consortium) -> Kept:
    return Kept(Case(consortium))


def test_random_bits(kept: Kept) -> None:
    """A flipped bit anywhere is refused, or changes nothing, or leaves something unknown."""
    chance = random.Random(7)
    for file, never in ((kept.genuine, Authentic.INVALID), (kept.forged, Authentic.VALID)):
        data = file.encode()
        for _ in range(400):
            place = chance.randrange(len(data))
            flipped = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
            if refused := code_of(read_evidence, flipped):
                assert refused.startswith("evidence.")
                continue
            read = read_evidence(flipped)
            found = kept.verdict(read)
            assert found.authentic is not never
            if (found.authentic, found.usable) == GOOD:
                assert read.nodes == file.nodes
                assert read.digest == file.digest


def test_a_bit_of_the_envelope(kept: Kept) -> None:
    envelope = kept.genuine.envelope
    assert envelope
    data = kept.genuine.encode()
    start = data.index(envelope.encode("ascii"))
    for place in range(start, start + len(envelope), 97):
        flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert code_of(read_evidence, flipped) == "evidence.damaged"


def test_cut_and_lengthened(kept: Kept) -> None:
    data = kept.genuine.encode()
    for cut in (0, 1, 100, len(data) // 2, len(data) - 1):
        assert code_of(read_evidence, data[:cut]) == "evidence.form"
    for more in (b"\0", data):
        assert code_of(read_evidence, data + more) == "evidence.form"


def members(kept: Kept) -> dict[str, Any]:
    return dict(decode(kept.genuine.encode(), "evidence"))


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("nodes", lambda nodes: nodes[::-1], "evidence.form"),
        ("nodes", lambda nodes: [nodes[0], *nodes], "evidence.form"),
        ("nodes", lambda nodes: [*nodes, b"\xff" * 601], "evidence.form"),
        ("nodes", lambda nodes: [1], "evidence.form"),
        ("v", lambda v: 2, "evidence.version"),
        ("v", lambda v: True, "evidence.form"),
        ("v", lambda v: "1", "evidence.form"),
        ("chain", lambda chain: chain | {"id": -1}, "evidence.form"),
        ("chain", lambda chain: chain | {"more": 1}, "evidence.form"),
        ("record", lambda record: record | {"path": [b"short"]}, "evidence.form"),
        ("record", lambda record: record | {"path": [b"x" * 32] * 65}, "evidence.form"),
        ("record", lambda record: record | {"size": None}, "evidence.form"),
        ("record", lambda record: record | {"issuer": "i" * 129}, "evidence.form"),
        ("document", lambda document: {"envelope": document["envelope"]}, "evidence.form"),
        ("document", lambda document: document | {"digest": b"d" * 32}, "evidence.damaged"),
        ("document", lambda document: document | {"sha256": b"d" * 32}, "evidence.damaged"),
        ("hand_overs", lambda _: [b"h"] * 65, "evidence.form"),
        ("finality", lambda _: [], "evidence.form"),
        ("made", lambda _: None, "evidence.form"),
    ],
)
def test_members_that_cannot_be(kept: Kept, name: str, change: Any, code: str) -> None:
    found = members(kept)
    found[name] = change(found[name])
    try:
        data = encode(found)
    except Invalid:
        return
    assert code_of(read_evidence, data) == code


def test_a_member_too_many_or_too_few(kept: Kept) -> None:
    assert code_of(read_evidence, encode(members(kept) | {"more": 1})) == "evidence.form"
    for name in members(kept):
        found = members(kept)
        del found[name]
        assert code_of(read_evidence, encode(found)) == "evidence.form"


VALUES: list[Any] = [None, 0, -1, 2**64, "", "x" * 200, b"", b"x" * 32, [], [[]], {}, {"v": 1}, {1: 2}, [b"x" * 32] * 3]


def changed_somewhere(value: Any, chance: random.Random) -> Any:
    """The same with one value, at any depth, in place of which another one stands."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(list(value))
        return value | {name: changed_somewhere(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        return [*value[:place], changed_somewhere(value[place], chance), *value[place + 1 :]]
    return chance.choice(VALUES)


def test_members_of_any_kind_anywhere(kept: Kept) -> None:
    """Whatever stands where: refused, or judged without a wrong word; nothing is raised."""
    chance, judged_at_all = random.Random(11), 0
    for file, never in ((kept.genuine, Authentic.INVALID), (kept.forged, Authentic.VALID)):
        whole = dict(decode(file.encode(), "evidence"))
        for _ in range(300):
            changed = changed_somewhere(whole, chance)
            try:
                data = encode(changed)
            except (Invalid, TypeError):
                continue
            if refused := code_of(read_evidence, data):
                assert refused.startswith("evidence.")
                continue
            judged_at_all += 1
            assert kept.verdict(read_evidence(data)).authentic is not never
    assert judged_at_all > 50


def test_too_large_is_not_read() -> None:
    assert code_of(read_evidence, bytes(24 * 1024 * 1024 + 1)) == "evidence.size"
