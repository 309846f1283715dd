"""Answers about recognition as JSON."""

from typing import Any

from anchors.cid import Cid, Codec
from api.entries import entries_json
from api.moment import show
from ledger.recognition import Direction, Terms
from verifier.recognition_answer import DirectionFacts, RecognitionAnswer
from verifier.recognition_sentence import role_names, sentence, since


def direction_json(facts: DirectionFacts, answer: RecognitionAnswer) -> dict[str, Any]:
    """Return the whole answer for one direction, with its history."""
    direction = facts.direction
    return brief_json(direction, answer) | {
        "sentence": sentence(direction, answer),
        "terms": terms_json(answer),
        "entries": entries_json([agreement.entry for agreement in facts.agreements]),
        "suspensions": {side: entries_json(entries) for side, entries in facts.suspensions.items()},
    }


def brief_json(direction: Direction, answer: RecognitionAnswer) -> dict[str, Any]:
    """Return the answer as a cell of the matrix."""
    return {
        "by": direction.recogniser,
        "of": direction.recognised,
        "programme": direction.programme,
        "recognised": answer.in_effect,
        "reason": answer.reason.value,
        "state": answer.state.name.lower().replace("_", "-"),
        "since": show(since(answer)),
        "who": list(answer.by),
        "arrangements": list(answer.arrangements),
        "roles": role_names(answer.roles),
    }


def terms_json(answer: RecognitionAnswer) -> dict[str, Any] | None:
    """Return the terms that count, None where none do."""
    terms = answer.agreement.terms if answer.agreement else None
    if terms is None or answer.agreement is None or answer.agreement.offer is None:
        return None
    return {
        "offer": "0x" + answer.agreement.offer.hex(),
        "arrangement": terms.arrangement,
        "roles": role_names(terms.roles),
        "benefits": benefits_json(terms),
        "effective_from": show(answer.agreement.entry.effective_from),
        "effective_until": show(answer.agreement.entry.effective_until or None),
    }


def benefits_json(terms: Terms) -> dict[str, str] | None:
    """Return the list of benefits by its hash and its CID (of a list of one chunk), None where there is none."""
    if terms.benefits is None:
        return None
    return {"sha256": terms.benefits.hex(), "cid": str(Cid(Codec.RAW, terms.benefits))}
