"""The kinds of documents. A new kind is one module here, one schema in `schemas/`, and one line below."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ledger.errors import Invalid
from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from ledger.kinds.bill_of_lading import BILL_OF_LADING
from ledger.kinds.certificate_of_origin import CERTIFICATE_OF_ORIGIN
from ledger.kinds.foreign import foreign
from ledger.kinds.kind import Document, Kind
from ledger.kinds.problem import DocumentInvalid, Problem

__all__ = ["KINDS", "Document", "DocumentInvalid", "Kind", "Problem", "foreign", "kind", "kind_of_vct", "likely_kind"]

KINDS: Mapping[str, Kind] = MappingProxyType(
    {known.name: known for known in (BILL_OF_LADING, CERTIFICATE_OF_ORIGIN, AEO_CREDENTIAL)}
)


def kind(name: str) -> Kind:
    """Return the newest version of the kind called `name`. Raises Invalid `kind.unknown`."""
    if name not in KINDS:
        raise _unknown(f"use one of {', '.join(KINDS)}")
    return KINDS[name]


def kind_of_vct(vct: str) -> Kind:
    """Return the kind and version that an envelope states as its `vct`. Raises Invalid `kind.unknown`."""
    for known in KINDS.values():
        if known.vct == vct:
            return known
    raise _unknown(f"use one of {', '.join(known.vct for known in KINDS.values())}")


def likely_kind(document: Mapping[str, Any]) -> Kind | None:
    """Return the kind of which `document` has most, if that is more than half; for the words of a refusal."""
    best = min(KINDS.values(), key=lambda known: len(known.lacks(document)) / len(known.schema["required"]))
    return best if len(best.lacks(document)) < len(best.schema["required"]) / 2 else None


def _unknown(mend: str) -> Invalid:
    return Invalid("kind.unknown", "this node knows no such kind of document", mend=mend)
