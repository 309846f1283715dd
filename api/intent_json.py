"""Signed intents and calls of registries as JSON, for people to read."""

from collections.abc import Mapping
from typing import Any

from api.moment import show
from ledger.call_reading import ReadCall, read_call
from ledger.errors import Invalid
from ledger.identifier import from_bytes32
from ledger.intent import Intent

_TIMES = {"signedAt", "expiresAt", "since"}


def intent_json(one: Intent) -> dict[str, Any]:
    """Return what an intent says, its call read by the ABI. Raises Invalid `call.unreadable`."""
    return {
        "registry": one.registry,
        "signer": one.signer,
        "call": call_json(read_call(one.registry, one.call_data())),
        "subject": subject_text(one.subject),
        "nonce": one.nonce,
        "deadline": show(one.deadline),
    }


def call_json(call: ReadCall) -> dict[str, Any]:
    """Return the function and its arguments; times are RFC 3339, and null where none is stated."""
    return {
        "function": call.function,
        "arguments": {name: _shown(name, value) for name, value in call.arguments.items()},
    }


def subject_text(subject: bytes) -> str:
    """Return the id that a subject is, or its bytes as 0x and hex."""
    try:
        return from_bytes32(subject) or f"0x{subject.hex()}"
    except Invalid:
        return f"0x{subject.hex()}"


def _shown(name: str, value: Any) -> Any:
    match value:
        case ReadCall():
            return call_json(value)
        case Mapping():
            return {one: _shown(one, inner) for one, inner in value.items()}
        case list():
            return [_shown(name, one) for one in value]
        case int() if name in _TIMES or name.startswith("effective"):
            return show(value or None)
    return value
