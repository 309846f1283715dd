"""What may stand beside the envelopes without a signature: plain JSON, which is its presenter's word and no more."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ledger.canonical import canonicalize
from ledger.errors import Invalid
from ledger.kinds import KINDS
from ledger.kinds.kind import Kind
from verifier.consignment.papers import COMMERCIAL_INVOICE, CUSTOMS_DECLARATION


def _kind(name: str, noun: str, label_en: str, label_zh: str, number_member: str) -> Kind:
    path = Path(__file__).parent / "schemas" / f"{name}.1.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    return Kind(name, "1", noun, label_en, label_zh, number_member, (), schema)


STATEMENTS: Mapping[str, Kind] = MappingProxyType(
    {
        CUSTOMS_DECLARATION: _kind(
            CUSTOMS_DECLARATION, "a customs declaration", "Customs declaration", "报关单", "declarationNumber"
        ),
        COMMERCIAL_INVOICE: _kind(
            COMMERCIAL_INVOICE, "a commercial invoice", "Commercial invoice", "商业发票", "invoiceNumber"
        ),
        **KINDS,
    }
)
"""By name. A document of a kind of ours may come without its envelope too: then it is as good as any other paper."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A document without a signature that follows the schema of its kind."""

    kind: str
    document: Mapping[str, Any]

    @classmethod
    def read(cls, kind: str, document: Any) -> "Statement":
        """Check a document. Raises Invalid `statement.kind`, `document.schema` with pointers into the document."""
        if kind not in STATEMENTS:
            what = f"no statement of kind {kind[:40]!r} is read here"
            raise Invalid("statement.kind", what, mend=f"use one of {', '.join(STATEMENTS)}")
        STATEMENTS[kind].validate(document)
        return cls(kind, document)

    @property
    def sha256(self) -> bytes:
        """Return the hash of its RFC 8785 form, by which it is told from others."""
        return hashlib.sha256(canonicalize(dict(self.document))).digest()
