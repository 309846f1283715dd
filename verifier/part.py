"""The parts of the registries whose state can be named: by the change heads of the kinds of change that make it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from ledger.authority import AuthorityChange
from ledger.document_status import DocumentChange
from ledger.issuer_state import IssuerChange
from ledger.operator import OperatorChange
from ledger.recognition import RecognitionChange
from ledger.registry_names import AUTHORITIES, DOCUMENTS, ISSUERS, OPERATORS, RECOGNITIONS


@dataclass(frozen=True, slots=True)
class Part:
    """A registry, as far as these kinds of change go."""

    registry: str
    kinds: tuple[IntEnum, ...]


def _part(registry: str, kinds: Iterable[IntEnum]) -> Part:
    return Part(registry, tuple(kinds))


ANCHORINGS = _part(DOCUMENTS, [DocumentChange.ANCHORING])
STATUSES = _part(DOCUMENTS, [DocumentChange.STATUS, DocumentChange.HOLD])
AUTHORITY = _part(AUTHORITIES, AuthorityChange)
ISSUER = _part(ISSUERS, IssuerChange)
RECOGNITION = _part(RECOGNITIONS, RecognitionChange)
OPERATOR = _part(OPERATORS, OperatorChange)
