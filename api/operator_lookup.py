"""Which operator is meant: by the code of its own customs, or by the one that a counterpart uses for it."""

from dataclasses import dataclass
from typing import Any

from api.as_of import AsOf
from api.entries import entries_json
from api.moment import show
from api.operator_code_form import OWN, code_warnings
from api.proved_facts import of_alias, of_operator
from api.shared_facts import SharedFacts
from ledger.dated_list import code_at
from ledger.operator import alias_id
from ledger.registry_slots import Fact
from verifier.operator_answer import OperatorAnswer, OperatorFacts, OperatorReason, operator_answer, operator_sentence
from verifier.recognition_sentence import role_names


@dataclass(frozen=True, slots=True)
class Asked:
    """An operator as it was asked for. counterpart: whose code it is, None for its own customs'."""

    authority: str
    code: str
    counterpart: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The operator; `held` is None if the counterpart knows none by that code."""

    asked: Asked
    code: str | None
    held: OperatorFacts | None
    proved: tuple[Fact, ...]

    def answer(self, moment: AsOf) -> OperatorAnswer:
        """Return whether it is authorised."""
        if self.held is None:
            return OperatorAnswer(OperatorReason.UNKNOWN)
        return operator_answer(self.held, moment.time, moment.known_at)


def look_up(shared: SharedFacts, asked: Asked, moment: AsOf) -> Found:
    """Return the operator. Raises Invalid `operator.code`, `identifier.form`, Unavailable `chain.*`."""
    if asked.counterpart is None:
        held = shared.operator(asked.authority, asked.code)
        return Found(asked, asked.code if held.entries else None, held, tuple(of_operator(held)))
    name = alias_id(asked.authority, asked.counterpart, asked.code)
    registry = shared.node.registries.operator
    alias, entries = shared.of_operators(registry.alias, name), shared.of_operators(registry.alias_entries, name)
    proved = tuple(of_alias(name, len(entries)))
    if alias is None or not code_at(entries, moment.time, moment.known_at):
        return Found(asked, None, None, proved)
    code = shared.of_operators(registry.code, asked.authority, alias.operator)
    if code is None:
        return Found(asked, None, None, proved)
    held = shared.operator(asked.authority, code)
    return Found(asked, code, held, (*proved, *of_operator(held)))


def operator_json(shared: SharedFacts, found: Found, moment: AsOf) -> dict[str, Any]:
    """Return the answer about an operator; that it is not known is an answer too."""
    answer, held = found.answer(moment), found.held
    return {
        "authority": found.asked.authority,
        "code": found.code,
        "asked": {"code": found.asked.code, "counterpart": found.asked.counterpart},
        "country": held.country if held else None,
        "authorised": answer.authorised,
        "reason": answer.reason.value,
        "state": answer.state.name.lower(),
        "sentence": operator_sentence(answer),
        **answer_json(answer),
        "entries": entries_json(held.entries) if held else [],
        "suspensions": entries_json(held.suspensions) if held else [],
        "aliases": _aliases(shared, found, moment),
        "warnings": _warnings(shared, found.asked),
    }


def answer_json(answer: OperatorAnswer) -> dict[str, Any]:
    """Return date, tier and roles of the answer."""
    return {"since": show(answer.since), "tier": answer.tier, "roles": role_names(answer.roles)}


def _aliases(shared: SharedFacts, found: Found, moment: AsOf) -> list[dict[str, Any]]:
    if found.held is None or not found.held.entries:
        return []
    registry = shared.node.registries.operator
    listed = shared.aliases(found.asked.authority, found.held.operator)
    pairs = [(shared.of_operators(registry.alias, name), entries) for name, entries in listed]
    return [
        {
            "counterpart": alias.counterpart,
            "code": alias.code,
            "in_use": bool(code_at(entries, moment.time, moment.known_at)),
            "entries": entries_json(entries),
            "warnings": code_warnings(found.held.country, alias.code, alias.counterpart),
        }
        for alias, entries in pairs
        if alias is not None
    ]


def _warnings(shared: SharedFacts, asked: Asked) -> list[dict[str, Any]]:
    return code_warnings(shared.country_of(asked.authority), asked.code, asked.counterpart or OWN)
