"""What the presented envelope shows under the registered key, or the one reason why it does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.envelope import Envelope, verify
from ledger.errors import Invalid
from ledger.gate_statement import GateStatement, check_signature
from ledger.jwk import PublicKey
from verifier.rejection import Rejection

_WRONG = ("key", "algorithm", "signature", "high-s")
_SIGNATURE = frozenset(f"{family}.{code}" for family in ("envelope", "gate") for code in _WRONG)


@dataclass(frozen=True, slots=True)
class Reading:
    """withheld: JSON pointers of the groups that are, or may be, withheld. rejection: why it was refused.

    document: with the disclosed groups put back; None if it was refused.
    """

    withheld: tuple[str, ...] = ()
    rejection: Rejection | None = None
    document: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def believed(self) -> bool:
        """What it shows is what the issuer signed."""
        return self.rejection is None

    @property
    def signature_wrong(self) -> bool:
        """The signature is not by the registered key."""
        return self.rejection is not None and self.rejection.code in _SIGNATURE

    @property
    def kind_unknown(self) -> bool:
        """The signature is good; the kind is not known here, so that nothing behind it was looked at."""
        return self.rejection is not None and self.rejection.code == "kind.unknown"

    @property
    def schema_wrong(self) -> bool:
        """Signature and disclosures are good; the document does not follow its schema."""
        return self.rejection is not None and self.rejection.code == "document.schema"


def read(envelope: Envelope, key: PublicKey) -> Reading:
    """Open the envelope with the key. The order of the ledger's tests is signature, disclosures, schema."""
    try:
        presentation = verify(envelope, key)
        return Reading(withheld=presentation.withheld, document=presentation.document)
    except Invalid as error:
        return Reading(rejection=Rejection.of(error))


def read_gate(statement: GateStatement, key: PublicKey) -> Reading:
    """Check the signature of a gate statement; its fields are not a document."""
    try:
        check_signature(statement, key)
        return Reading()
    except Invalid as error:
        return Reading(rejection=Rejection.of(error))
