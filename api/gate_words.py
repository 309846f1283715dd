"""What a gate statement says, in words: for the page beside its QR code and for whoever scanned it."""

from collections.abc import Iterator
from typing import Any

from api.moment import show
from ledger.errors import Invalid
from ledger.gate_statement import GateStatement
from ledger.kinds.gate_field import GateValue

Line = tuple[str, str, str]
"""Label in English, label in Chinese, value."""


def gate_json(statement: GateStatement) -> dict[str, Any]:
    """Return what it says as JSON members; `fields` is empty for a kind that is not known here."""
    try:
        fields = statement.named()
    except Invalid:
        fields = {}
    return {
        "issuer": statement.issuer,
        "kind": statement.vct,
        "digest": statement.digest.hex(),
        "iat": show(statement.iat),
        "exp": show(statement.exp),
        "nbf": show(statement.nbf),
        "fields": fields,
        "scope": list(statement.scope),
    }


def lines(statement: GateStatement) -> Iterator[Line]:
    """Yield what it says, line by line. Raises Invalid `kind.unknown`, `gate.fields`."""
    kind, named = statement.kind, statement.named()
    yield "Document", "单证", f"{kind.label_en} {kind.label_zh}"
    yield "Issuer", "签发方", statement.issuer
    for field in kind.gate:
        if field.name in named:
            yield field.label_en, field.label_zh, _shown(named[field.name])
    if statement.scope:
        yield "Nothing outside of", "不超出下列范围", ", ".join(statement.scope)
    yield "Signed at", "签署时间", show(statement.iat) or ""
    if statement.exp is not None:
        yield "Expires at", "失效时间", show(statement.exp) or ""


def _shown(value: GateValue) -> str:
    if isinstance(value, bool):
        return "yes 是" if value else "no 否"
    return ", ".join(value) if isinstance(value, list) else str(value)
