"""An intent that this node has relayed, and its row in the database."""

import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from anchors.database.models import RelayRow
from ledger.errors import Refused
from ledger.intent import SignedIntent
from ledger.intent_form import intent_from_json, to_json
from ledger.transaction import SignedTransaction

WAITING, MINED, REFUSED = "waiting", "mined", "refused"


@dataclass(frozen=True)
class Relayed:
    """state: `waiting` for a block, `mined` in `block`, or `refused` with `error` (`block` None: never mined)."""

    signed: SignedIntent
    state: str
    transaction_hash: bytes
    relayed_at: int
    block: int | None
    error: Refused | None


def read_row(row: RelayRow) -> Relayed:
    """Return what the row says."""
    error = Refused(row.code, row.detail or "", mend=row.mend or "") if row.code else None
    fields = json.loads(row.intent)
    signature = bytes.fromhex(fields.pop("signature")[2:])  # checked before it was written
    signed = SignedIntent(intent_from_json(fields), signature)
    return Relayed(signed, row.state, row.transaction_hash, row.relayed_at, row.block_number, error)


def write_row(session: Session, signed: SignedIntent, sent: SignedTransaction, now: int) -> None:
    """Write that an intent waits in this transaction, in place of an older one that was refused or overtaken."""
    row = RelayRow(
        id=signed.intent.digest(),
        intent=json.dumps(to_json(signed)),
        signer=signed.intent.signer,
        relayed_at=now,
        state=WAITING,
        sender=sent.sender,
        nonce=sent.nonce,
        raw=sent.raw,
        transaction_hash=sent.hash,
        block_number=None,
        code=None,
        detail=None,
        mend=None,
    )
    session.merge(row)
