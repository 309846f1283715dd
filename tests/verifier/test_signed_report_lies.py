"""Reports in hostile hands, and by signers that lie: each change is found out, and told exactly."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ledger import base64url
from ledger.authority import Purpose
from ledger.errors import Refused
from ledger.private_key import PrivateKey
from tests.consortium import Consortium
from tests.ledger.code_of import code_of
from tests.verifier.report_case import BY, ReportCase
from tests.verifier.test_signed_report import presented
from verifier.policy import Policy
from verifier.question import Question
from verifier.signed_report.file import ReportFile
from verifier.signed_report.policy_claims import policy_claims
from verifier.signed_report.proof import ReportProof
from verifier.subject import Subject


class Given:
    def __init__(self, case: ReportCase) -> None:
        self.case = case
        self.envelope = case.anchored()
        self.subject = presented(self.envelope)
        self.other = presented(case.anchored())
        self.file = case.report(self.subject, relying_country="SG")


@pytest.fixture(scope="module")
def given(consortium: Consortium) -> Given:
    return Given(ReportCase(consortium))


def test_any_character_of_the_report(given: Given) -> None:
    chance, jws = random.Random(5), given.file.jws
    signature = jws.rindex(".") + 1
    places = [*chance.sample(range(signature), 150), *range(signature, len(jws))]
    for place in places:
        for other in chance.sample("ABCXYZabcxyz0189-_.", 2):
            changed = jws[:place] + other + jws[place + 1 :]
            if changed != jws:
                refused = given.case.refused(replace(given.file, jws=changed), given.subject)
                # A number of the claims may still make a report of another block, chain or document.
                assert refused.startswith(("report.", "evidence.")), (place, other, refused)


def test_any_bit_of_the_proof(given: Given) -> None:
    """What is not signed can only be broken: then nothing can be told, or it is told as before."""
    chance, data = random.Random(6), given.file.proof.encode()
    for _ in range(300):
        place = chance.randrange(len(data))
        flipped = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
        if refused := code_of(ReportProof.read, flipped):
            assert refused == "report.proof"
            continue
        refused = given.case.refused(replace(given.file, proof=ReportProof.read(flipped)), given.subject)
        if refused:
            assert refused.startswith(("finality.", "evidence.", "proof.", "report.block")), refused


def test_a_node_less(given: Given) -> None:
    """Without one that the signer's key needs nothing is told; without another one the verdict does not come out."""
    nodes = given.file.proof.nodes
    for place in range(len(nodes)):
        proof = replace(given.file.proof, nodes=(*nodes[:place], *nodes[place + 1 :]))
        file = replace(given.file, proof=proof)
        if not given.case.refused(file, given.subject):
            assert given.case.check(file, given.subject).differences


def test_another_document(given: Given) -> None:
    assert given.case.refused(given.file, given.other) == "report.other-document"
    assert given.case.refused(given.file, Subject.presented(b"no envelope")) == "report.other-document"


def test_the_same_document_presented_otherwise(given: Given) -> None:
    text = given.envelope.serialize()
    less = Subject.presented(text[: text.rindex("~", 0, -1) + 1])
    checked = given.case.check(given.file, less)
    assert "/document/sha256" in {one.pointer for one in checked.differences}


LIES: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda claims: claims["verdict"].update(authentic="INVALID"), "/verdict/authentic"),
    (lambda claims: claims["verdict"].update(usable="ACTIVE"), "/verdict/usable"),
    (lambda claims: claims["verdict"]["findings"][0].update(outcome="fail"), "/verdict/findings/0/outcome"),
    (lambda claims: claims["verdict"]["findings"][0].update(evidence={}), "/verdict/findings/0/evidence/kind"),
    (lambda claims: claims["verdict"]["findings"].pop(), "/verdict/findings/"),
    (lambda claims: claims["verdict"]["findings"].reverse(), "/verdict/findings/0/check"),
    (lambda claims: claims["verdict"].update(issuer="sg.carrier"), "/verdict/issuer"),
    (lambda claims: claims["verdict"]["as_of"].update(block=1), "/verdict/as_of/block"),
    (lambda claims: claims["verdict"]["asked"].update(relying_country=None), "/verdict/findings/"),
    (lambda claims: claims["verdict"]["asked"].update(at=1), "/verdict/"),
    (lambda claims: claims["made"].update(at=claims["made"]["at"] + 1), "/verdict/"),
    (lambda claims: claims["document"].update(sha256="00" * 32), "/document/sha256"),
    (lambda claims: claims["anchor"]["batch"].update(leaf=0), "/verdict/"),
    (lambda claims: claims["anchor"]["batch"].update(root="00" * 32), "/verdict/"),
    (lambda claims: claims.update(anchor=None), "/verdict/"),
    (lambda claims: claims["policy"].update(_policy(required={"form"})), "/policy/"),
]


def _policy(required: set[str]) -> dict[str, Any]:
    return policy_claims(Policy("portseal-1", frozenset(required), frozenset({"status"}), {"bill-of-lading": 300}, 300))


@pytest.mark.parametrize(("lie", "pointer"), LIES)
def test_a_signer_that_lies(given: Given, lie: Callable[[dict[str, Any]], Any], pointer: str) -> None:
    checked = given.case.check(given.case.told(given.file, lie), given.subject)
    found = {one.pointer for one in checked.differences}
    assert any(one.startswith(pointer) for one in found), found


def test_only_what_was_changed_is_told(given: Given) -> None:
    lie = given.case.told(given.file, lambda claims: claims["verdict"].update(usable="REVOKED"))
    [difference] = given.case.check(lie, given.subject).differences
    assert difference.to_dict() == {"pointer": "/verdict/usable", "stated": "REVOKED", "found": "NOT_RECOGNISED"}


def test_other_words(given: Given) -> None:
    """Editions may word a finding otherwise: that is told, and is no difference."""

    def reword(claims: dict[str, Any]) -> None:
        claims["verdict"]["findings"][0]["text"]["en"] = "All is well."

    checked = given.case.check(given.case.told(given.file, reword), given.subject)
    assert checked.differences == ()
    assert "form.good" in checked.notes[0]


REFUSED: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda claims: claims["made"].update(by="sg.customs"), "report.key-of-another"),
    (lambda claims: claims["made"].update(at=claims["block"]["time"] - 1), "report.time"),
    (lambda claims: claims["made"].update(at=-1), "report.claims"),
    (lambda claims: claims["policy"].update(fallback=10**6), "report.policy"),
    (lambda claims: claims["policy"].update(required=["status"]), "report.policy"),
    (lambda claims: claims["block"].update(number=claims["block"]["number"] + 1), "report.block"),
    (lambda claims: claims["block"].update(state_root="0x" + "00" * 32), "report.block"),
    (lambda claims: claims["finality"].update(form="qbft"), "report.block"),
    (lambda claims: claims["chain"].update(id=claims["chain"]["id"] + 1), "evidence.chain"),
    (lambda claims: claims.update(v=2), "report.version"),
    (lambda claims: claims.update(v="1"), "report.claims"),
    (lambda claims: claims.update(more=1), "report.claims"),
    (lambda claims: claims.pop("made"), "report.claims"),
    (lambda claims: claims["verdict"].update(authentic="GENUINE"), "report.claims"),
    (lambda claims: claims["verdict"]["asked"].update(relying_country="sg"), "report.claims"),
]


@pytest.mark.parametrize(("change", "code"), REFUSED)
def test_what_is_no_report(given: Given, change: Callable[[dict[str, Any]], Any], code: str) -> None:
    assert given.case.refused(given.case.told(given.file, change), given.subject) == code


def test_keys_that_are_none_for_it(given: Given) -> None:
    case = given.case
    strange = PrivateKey.generate(case.signer().public_key.algorithm)
    for signer, code in (
        (strange, "report.key-unknown"),
        (case.signer("sg.customs"), "report.key-of-another"),
        (case.signer(BY, Purpose.CHECKPOINTS), "report.key-purpose"),
    ):
        assert case.refused(case.told(given.file, lambda _: None, signer), given.subject) == code


def test_a_key_under_another_name(given: Given) -> None:
    """The header names the right key, another one signed."""
    right, wrong = given.file.jws, given.case.told(given.file, lambda _: None, given.case.signer("sg.customs")).jws
    forged = ".".join((*right.split(".")[:2], wrong.split(".")[2]))
    assert given.case.refused(replace(given.file, jws=forged), given.subject) == "report.signature"


def test_a_key_that_ends(given: Given) -> None:
    """What it signed at an earlier block stands; at a later one it signs nothing any more."""
    case, registry = given.case, given.case.consortium.registries.authority
    maker = case.maker("kr.customs")
    signer = case.signer("kr.customs")
    before = maker.make(given.subject, Question())
    case.act(registry.end_service_key(signer.public_key.thumbprint), "kr.customs")
    assert case.refused(before, given.subject) == ""
    late = case.report(given.subject)
    forged = case.told(late, lambda claims: claims["made"].update(by="kr.customs"), signer)
    assert case.refused(forged, given.subject) == "report.key-not-in-service"
    with pytest.raises(Refused, match=r"report\.key"):
        case.maker("kr.customs").make(given.subject, Question())


def test_a_key_that_begins(given: Given) -> None:
    """It signs nothing as of a block before it was entered."""
    case, registry = given.case, given.case.consortium.registries.authority
    key, before = PrivateKey.generate(case.signer().public_key.algorithm), case.report(given.subject)
    case.act(registry.add_service_key(BY, Purpose.ANSWERS, key.public_key), BY)
    assert case.refused(case.told(before, lambda _: None, key), given.subject) == "report.key-unknown"
    after = case.maker(signer=key).make(given.subject, Question())
    assert case.refused(after, given.subject) == ""


def test_an_authority_that_left(given: Given) -> None:
    case, registry = given.case, given.case.consortium.registries.authority
    before = case.maker("jp.chamber").make(given.subject, Question())
    case.vote(registry.end_authority("jp.chamber"))
    assert case.refused(before, given.subject) == ""
    late = case.report(given.subject)
    forged = case.told(late, lambda claims: claims["made"].update(by="jp.chamber"), case.signer("jp.chamber"))
    assert case.refused(forged, given.subject) == "report.key-authority"


def test_roots_of_others(given: Given) -> None:
    roots: Any = given.case.roots
    for changed in (
        replace(roots, chain_id=roots.chain_id + 1),
        replace(roots, finality=replace(roots.finality, authorities={})),
    ):
        refused = given.case.refused(given.file, given.subject, changed)
        assert refused.startswith(("evidence.", "finality.")), refused


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "json.syntax"),
        (b"[]", "report.file"),
        (b"{}", "report.file"),
        (b'{"report": "a", "report": "b", "proof": ""}', "json.duplicate-key"),
        (b'{"report": 1, "proof": ""}', "report.file"),
        (b'{"report": "\xc3\xa9", "proof": ""}', "report.file"),
        (b'{"report": "a", "proof": 1}', "report.file"),
        (b'{"report": "a", "proof": "!"}', "report.proof"),
        (b'{"report": "a", "proof": "oA"}', "report.proof"),
        (b'{"report": "a", "proof": "", "more": 1}', "report.file"),
    ],
)
def test_files_that_are_none(content: bytes, code: str) -> None:
    assert code_of(ReportFile.read, content) == code


def test_claims_with_a_member_twice(given: Given) -> None:
    header, claims, _ = given.file.jws.split(".")
    twice = b'{"v":1,' + base64url.decode(claims)[1:]
    signer = given.case.signer()
    signing_input = f"{header}.{base64url.encode(twice)}"
    jws = f"{signing_input}.{base64url.encode(signer.sign(signing_input.encode()))}"
    assert given.case.refused(replace(given.file, jws=jws)) in ("report.json", "report.canonical")
    spaced = json.dumps(json.loads(base64url.decode(claims))).encode()
    signing_input = f"{header}.{base64url.encode(spaced)}"
    jws = f"{signing_input}.{base64url.encode(signer.sign(signing_input.encode()))}"
    assert given.case.refused(replace(given.file, jws=jws)) == "report.canonical"
