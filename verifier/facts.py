"""What the chain says, as plain data, read at one block. Times are seconds since the epoch (block time)."""

from dataclasses import dataclass
from typing import Any

from ledger.dated_list import Entries
from ledger.jwk import PublicKey


@dataclass(frozen=True, slots=True)
class AnchoringFacts:
    """Who anchored a batch, and when.

    attested_by: the authority whose word it is that the registry took the anchor; then account is empty. None where the
    registry itself was read.
    """

    account: str
    anchored_at: int
    attested_by: str | None = None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account of an authority. `role`: ledger.authority.Role; entry codes: the role, 0 when ended."""

    authority: str
    role: int
    entries: Entries


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """A document key. `public_key` is None if what is registered is no key of that thumbprint.

    entries: codes of KeyState. compromises: `effective_from` is *compromised since*.
    """

    issuer: str
    public_key: PublicKey | None
    entries: Entries
    compromises: Entries


@dataclass(frozen=True, slots=True)
class IssuerFacts:
    """An issuer, or a body that accredits others. Entry codes: IssuerState.

    accreditor: an authority's or a body's id. authority: the id of the authority at the top. holds: who holds its
    suspension (Power). body: since when it may accredit others (code 1).
    """

    accreditor: str
    entries: Entries
    authority: str
    holds: Entries = ()
    body: Entries = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An issuer or body in the chain of accreditations. accreditation: for the kind; code 1 (detail: Limit) or 0."""

    id: str
    facts: IssuerFacts
    accreditation: Entries


@dataclass(frozen=True, slots=True)
class AuthorityFacts:
    """An authority: in office (code 1) or not, and its country a member (code 1) or not."""

    country: str
    entries: Entries
    member_entries: Entries


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What became of a document. Entry codes: ledger.document_registry.Status; `successor`: a digest."""

    entries: Entries
    successor: bytes | None


@dataclass(frozen=True, slots=True)
class OperatorLists:
    """An operator as its customs entered it (ledger.operator). entries: code 1 authorized; suspensions: code 1."""

    entries: Entries
    suspensions: Entries = ()


@dataclass(frozen=True, slots=True)
class Finality:
    """The proof that a block is final, judged against what is pinned and against the chain.

    form: this network's, `checkpoint`, `clique` or `qbft`. number, time: the block that is proved. holds: enough of
    those who may have signed. on_chain: this node's chain has that very block. signers: whose signatures were good,
    by country or address; of: how many may sign. fault, detail: why it does not hold, a code `finality.*` and a
    sentence.

    With a fault that leaves nothing proved, number and time are only what the archive says.
    """

    form: str
    number: int
    time: int
    holds: bool
    on_chain: bool
    signers: tuple[str, ...]
    of: int
    fault: str | None = None
    detail: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON members."""
        members = {
            "form": self.form,
            "block": self.number,
            "block_time": self.time,
            "signers": list(self.signers),
            "of": self.of,
        }
        return members | ({"fault": self.fault, "detail": self.detail} if self.fault else {})
