"""The receipt that is given at once: the node's authority states that it has accepted a document."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from anchors.lane import Lane
from ledger.envelope import Envelope
from ledger.jws import sign_statement
from ledger.signer import Signer

TYPE = "portseal-receipt+jwt"
PROMISES: Mapping[Lane, int] = {Lane.URGENT: 120, Lane.NORMAL: 600, Lane.BULK: 3_600}
"""Seconds."""


@dataclass(frozen=True)
class ReceiptOffice:
    """Who signs receipts: `authority` runs the node, `signer` has its `answers` key.

    promises: for each lane the seconds from acceptance to the latest time of anchoring that receipts promise.
    """

    authority: str
    signer: Signer
    chain_id: int
    promises: Mapping[Lane, int] = field(default_factory=lambda: PROMISES)

    def accepted(self, envelope: Envelope, warnings: tuple[str, ...], accepted_at: int, lane: Lane) -> str:
        """Return the signed `accepted` receipt. Raises Unavailable `signer.*`."""
        claims = {
            "iss": self.authority,
            "iat": accepted_at,
            "state": "accepted",
            "digest": envelope.digest.hex(),
            "issuer": envelope.issuer,
            "kind": envelope.kind.name,
            "chain_id": self.chain_id,
            "accepted_at": accepted_at,
            "anchored_by": self.anchored_by(accepted_at, lane),
            "lane": lane.word,
            "warnings": list(warnings),
        }
        return sign_statement(claims, self.signer, TYPE)

    def anchored_by(self, accepted_at: int, lane: Lane) -> int:
        """Return the latest time of anchoring that is promised."""
        return accepted_at + self.promises[lane]
