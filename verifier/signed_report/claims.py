"""What a report states: who made it when, about what, read at which block, judged by which policy, with what result.

Times are seconds since the epoch, digests hex, hashes of the chain hex with 0x. Nothing of the document's content.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from ledger.block import Block
from ledger.deterministic_cbor import encode
from ledger.json_number import MAX_INTEGER
from verifier.facts import Finality
from verifier.policy import Policy
from verifier.record import Record
from verifier.report import to_dict
from verifier.signed_report.policy_claims import policy_claims
from verifier.signed_report.record_claims import record_claims
from verifier.subject import Subject
from verifier.verdict import Verdict

TYPE: Final = "portseal-report+jwt"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Circumstances:
    """made_at: the clock that the verdict counts by, seconds. made_for: the tenant that asked, if it said who it is.

    finality: what the block rests on, as judged; proof: the same, packed. record: how the document was anchored.
    """

    made_at: int
    made_by: str
    made_for: str | None
    software: str
    chain_id: int
    genesis_hash: bytes
    block: Block
    finality: Finality
    proof: Mapping[str, Any]
    record: Record | None
    policy: Policy


def claims_of(verdict: Verdict, subject: Subject, told: Circumstances) -> dict[str, Any]:
    """Return the claims."""
    return {
        "v": VERSION,
        "made": {"at": told.made_at, "by": told.made_by, "for": told.made_for, "software": told.software},
        "chain": {"id": told.chain_id, "genesis": _hex(told.genesis_hash)},
        "block": {
            "number": told.block.number,
            "hash": _hex(told.block.hash),
            "time": told.block.timestamp,
            "state_root": _hex(told.block.state_root),
        },
        "finality": {
            "form": told.finality.form,
            "signers": list(told.finality.signers),
            "of": told.finality.of,
            "proof_sha256": sha256(encode(dict(told.proof))).hexdigest(),
        },
        "anchor": record_claims(told.record) if told.record else None,
        "policy": policy_claims(told.policy),
        **judged_claims(verdict, subject),
    }


def judged_claims(verdict: Verdict, subject: Subject) -> dict[str, Any]:
    """Return the claims that anybody who has the same inputs finds again."""
    return {"document": _document(subject), "verdict": _canonical(to_dict(verdict))}


def _document(subject: Subject) -> dict[str, Any]:
    envelope = subject.envelope
    presented = "envelope" if envelope else "digest" if subject.bare_digest else "unreadable"
    # Of what cannot be read there is no hash here: it may be anything, and then a hash tells what it is.
    text = sha256(envelope.serialize().encode("ascii")).hexdigest() if envelope else None
    return {"digest": subject.digest.hex() if subject.digest else None, "presented": presented, "sha256": text}


def _canonical(value: Any) -> Any:
    """Write numbers that RFC 8785 has no form for as text: an authority can enter any date of 64 bits."""
    if isinstance(value, dict):
        return {name: _canonical(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(one) for one in value]
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        return str(int(value))
    return value


def _hex(value: bytes) -> str:
    return f"0x{value.hex()}"
