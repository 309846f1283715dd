"""Intents in files, and what they say, shown before anything is signed."""

from collections.abc import Iterator, Mapping
from json import dumps
from pathlib import Path
from typing import Any

from api.cli import output
from api.intent_json import intent_json
from ledger.intent import Intent, SignedIntent
from ledger.intent_form import intent_to_json, read_either, to_json
from ledger.secret_file import write_new


def load(path: Path) -> Intent | SignedIntent:
    """Read a file that `save` wrote, signed or not. Raises Invalid as read_either."""
    return read_either(path.read_bytes())


def save(path: Path, one: Intent | SignedIntent) -> None:
    """Write a new file. Raises Refused `file.exists`."""
    signed = isinstance(one, SignedIntent)
    fields = to_json(one) if isinstance(one, SignedIntent) else intent_to_json(one)
    write_new(path, dumps(fields, indent=2).encode() + b"\n")
    what = "signed, for `portseal intent submit`" if signed else "to be signed by `portseal intent sign`"
    output.note(f"{path.name}: {what}")


def announce(intent: Intent) -> None:
    """Say on stderr what is about to be signed. Raises Invalid `call.unreadable` for what nobody can read."""
    for line in lines(intent):
        output.note(line)


def lines(intent: Intent) -> Iterator[str]:
    """Yield what an intent says: where, who, which call with which arguments. Raises Invalid `call.unreadable`."""
    told = intent_json(intent)
    yield f"{intent.registry} at {intent.contract}, chain {intent.chain_id}"
    yield f"  signer    {told['signer']}"
    yield f"  subject   {told['subject']}, nonce {told['nonce']}"
    yield f"  until     {told['deadline']}"
    yield from call_lines(told["call"], "  ")


def call_lines(call: Mapping[str, Any], indent: str) -> Iterator[str]:
    """Yield a call and its arguments; the calls of a proposal further in."""
    yield f"{indent}{call['function'] or 'UNREADABLE ' + call['data']}"
    for name, value in call.get("arguments", {}).items():
        yield from _argument_lines(name, value, indent + "  ")


def _argument_lines(name: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        yield f"{indent}{name}"
        for one in value:
            if "function" in one:
                yield from call_lines(one, indent + "  ")
            else:
                yield f"{indent}  " + ", ".join(f"{member} {_text(inner)}" for member, inner in one.items())
    elif isinstance(value, Mapping):
        yield f"{indent}{name}"
        for member, inner in value.items():
            yield from _argument_lines(member, inner, indent + "  ")
    else:
        yield f"{indent}{name} {_text(value)}"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "none"
    if value is None:
        return "-"
    text = str(value)
    # Whoever prepared the file must not write lines of the display.
    return text if text.isascii() and text.isprintable() else ascii(text)
