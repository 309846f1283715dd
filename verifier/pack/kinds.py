"""The kinds of change that a pack carries, every change of each, and the words that a change consists of.

They are those that a verdict rests on. Left out are proposals, quorum and successors, accounts of issuers, aliases,
offers as such and who holds a document's suspension: no check looks at them. Anchorings stand in the hour roots.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.registry_names import AUTHORITIES, DOCUMENTS, ISSUERS, OPERATORS, RECOGNITIONS
from ledger.registry_slots import Fact

WORD = "w"
NUMBER = "n"
ENTRY = "cdfur"
"""The words of DatedList.Entry: code, detail, from, until, recorded at."""


@dataclass(frozen=True, slots=True)
class PackedKind:
    """name: as checkpoints name its head. number: in the contract's enum Change. columns: one for each word."""

    name: str
    contract: str
    number: int
    columns: str

    @property
    def head(self) -> Fact:
        """Where the contract keeps the running hash of this kind."""
        return Fact(self.contract, "_changes", (self.number, "head"), f"running hash of {self.name}")


MEMBER = "authority-registry.member"
AUTHORITY = "authority-registry.authority"
ACCOUNT = "authority-registry.account"
SERVICE_KEY = "authority-registry.service-key"
ISSUER = "issuer-registry.issuer"
ACCREDITATION = "issuer-registry.accreditation"
KEY = "issuer-registry.key"
BODY = "issuer-registry.body"
SCOPE = "issuer-registry.scope"
HOLD = "issuer-registry.hold"
STATUS = "document-registry.status"
ARRANGEMENT = "recognition-registry.arrangement"
PARTY = "recognition-registry.party"
RECOGNITION = "recognition-registry.recognition"
RECOGNITION_SUSPENSION = "recognition-registry.suspension"
OPERATOR = "operator-registry.operator"
OPERATOR_SUSPENSION = "operator-registry.suspension"

_KINDS = (
    PackedKind(MEMBER, AUTHORITIES, 0, "w" + ENTRY),
    PackedKind(AUTHORITY, AUTHORITIES, 1, "ww" + ENTRY),
    PackedKind(ACCOUNT, AUTHORITIES, 2, "ww" + ENTRY),
    PackedKind(SERVICE_KEY, AUTHORITIES, 3, "ww" + ENTRY),
    PackedKind(ISSUER, ISSUERS, 0, "ww" + ENTRY),
    PackedKind(ACCREDITATION, ISSUERS, 1, "ww" + ENTRY),
    PackedKind(KEY, ISSUERS, 3, "ww" + ENTRY),
    PackedKind(BODY, ISSUERS, 4, "w" + ENTRY),
    PackedKind(SCOPE, ISSUERS, 5, "www" + ENTRY),
    PackedKind(HOLD, ISSUERS, 6, "ww" + ENTRY),
    PackedKind(STATUS, DOCUMENTS, 1, "www" + ENTRY),
    PackedKind(ARRANGEMENT, RECOGNITIONS, 0, "www"),
    PackedKind(PARTY, RECOGNITIONS, 1, "ww" + ENTRY),
    PackedKind(RECOGNITION, RECOGNITIONS, 3, "wwww" + ENTRY),
    PackedKind(RECOGNITION_SUSPENSION, RECOGNITIONS, 4, "wwww" + ENTRY),
    PackedKind(OPERATOR, OPERATORS, 0, "ww" + ENTRY),
    PackedKind(OPERATOR_SUSPENSION, OPERATORS, 1, "ww" + ENTRY),
)
KINDS: Mapping[str, PackedKind] = {one.name: one for one in _KINDS}

TERMS = "wwwwnnn"
"""The words of RecognitionRegistry's Terms, whose keccak-256 is the offer's id."""
