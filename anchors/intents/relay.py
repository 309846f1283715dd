"""Relaying signed intents with the node's own account: sent once, followed until the chain has said what became of it.

The raw transaction is written down before it is sent, and the same bytes are sent again as long as they are not mined.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from time import time

import structlog
from sqlalchemy import func, select

from anchors.database import Database
from anchors.database.models import RelayRow
from anchors.intents.admission import IntentAdmission
from anchors.intents.relayed import MINED, REFUSED, WAITING, Relayed, read_row, write_row
from anchors.lease import Leases
from ledger.account import Account
from ledger.chain import Chain
from ledger.errors import PortsealError, Refused, Unavailable
from ledger.fee import fee_of
from ledger.intent import SignedIntent
from ledger.transaction import SignedTransaction, failure, settled_nonce, sign
from ledger.transaction_receipt import TransactionReceipt

MOST_WAITING = 256
MOST_WAITING_OF_ONE = 32
MOST_A_MINUTE = 60
"""Bounds for the node, and for each signer."""

_AT_ONCE = 16
"""So many callers wait for each other at most: a slow node of the chain must not take up all threads of ours."""

_WORK = "relay"
_PAUSE, _IDLE_PAUSE = 1.0, 5.0
_USELESS = {
    "chain.gas",
    "chain.size",
    "chain.form",
    "chain.fee",
    "chain.fee-cap",
    "chain.funds",
    "chain.sender",
    "chain.other-chain",
}
_log = structlog.get_logger(__name__)


class IntentRelay:
    """Thread-safe. The account sends nothing else, and one process at a time counts its nonces and sends with it."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        admission: IntentAdmission,
        account: Callable[[], Account],
        leases: Leases,
        clock: Callable[[], float] = time,
    ) -> None:
        self._database = database
        self._leases = leases
        self._chain = chain
        self._admission = admission
        self._account = account
        self._clock = clock
        self._callers = threading.BoundedSemaphore(_AT_ONCE)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def relay(self, signed: SignedIntent) -> Relayed:
        """Send an intent whose form and signature are right; what was sent before is not sent again.

        What the chain refused may be tried again. Raises as IntentAdmission; Refused `relay.too-many`, `custody.none`,
        `chain.*`; Unavailable `relay.full`, `chain.*`, `database.*`.
        """
        if known := self._known(signed):
            return known
        if not self._callers.acquire(blocking=False):
            raise Unavailable("relay.full", "too many intents come at once", mend="submit it again later")
        try:
            self._admission.check(signed)
            return self._sent(signed)
        finally:
            self._callers.release()

    def find(self, intent: bytes) -> Relayed:
        """Return what became of an intent, by its hash. Raises Refused `intent.unknown`, Unavailable `database.*`."""
        with self._database.read() as session:
            row = session.get(RelayRow, intent)
        if row is None:
            raise Refused(
                "intent.unknown", "this node has relayed no such intent", mend="submit it, or ask its relayer"
            )
        try:
            return self._looked_at(row)
        except Unavailable:
            return read_row(row)

    def waiting(self, signer: str | None = None) -> int:
        """Return how many intents, of one signer or of all, are sent and not mined."""
        query = select(func.count()).where(RelayRow.state == WAITING)
        with self._database.read() as session:
            return session.scalar(query if signer is None else query.where(RelayRow.signer == signer)) or 0

    def start(self) -> None:
        """Follow what waits, in a thread."""
        self._thread = threading.Thread(target=self._run, name="intent-relay", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what waits is followed after the next start."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def follow(self) -> int:
        """Look once at what waits, and send again what got lost; return how many still wait. Raises Unavailable."""
        query = select(RelayRow).where(RelayRow.state == WAITING).order_by(RelayRow.nonce)
        with self._database.read() as session:
            rows = session.scalars(query).all()
        return sum(self._moved_on(row) for row in rows)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                # Others may relay too: this process looks again now and then, also at what they have sent.
                pause = _PAUSE if self._leases.hold(_WORK) and self.follow() else _IDLE_PAUSE
            except PortsealError as error:
                _log.warning("relay waits", code=error.code, detail=error.detail)
                pause = _PAUSE
            self._wake.wait(pause)

    def _known(self, signed: SignedIntent) -> Relayed | None:
        try:
            known = self.find(signed.intent.digest())
        except Refused:
            return None
        return None if known.state == REFUSED else known

    def _sent(self, signed: SignedIntent) -> Relayed:
        with self._sending():
            if known := self._known(signed):
                return known
            self._check_room(signed.intent.signer)
            self._send(self._written(signed), signed)
        self._wake.set()
        return self.find(signed.intent.digest())

    def _check_room(self, signer: str) -> None:
        if self.waiting() >= MOST_WAITING:
            raise Unavailable("relay.full", "too many intents wait for a block", mend="submit it again later")
        recent = select(func.count()).where(RelayRow.signer == signer, RelayRow.relayed_at > int(self._clock()) - 60)
        with self._database.read() as session:
            count = session.scalar(recent) or 0
        if count >= MOST_A_MINUTE or self.waiting(signer) >= MOST_WAITING_OF_ONE:
            detail = f"{signer} has {count} intents relayed within a minute, or too many that wait for a block"
            raise Refused("relay.too-many", detail, mend="submit it again in a minute")

    def _written(self, signed: SignedIntent) -> SignedTransaction:
        """Sign the transaction and write it down, with the account's next nonce."""
        account = self._account()
        gas = self._admission.gas(signed, account.address)
        latest = select(func.max(RelayRow.nonce)).where(
            RelayRow.sender == account.address, RelayRow.state == WAITING, RelayRow.id != signed.intent.digest()
        )
        nonce, fee = self._chain.nonce(account.address, pending=True), fee_of(self._chain)
        with self._database.write() as session:
            if (last := session.scalar(latest)) is not None:
                nonce = max(nonce, last + 1)
            sent = sign(account, signed.relay(), nonce=nonce, chain_id=signed.intent.chain_id, gas=gas, fee=fee)
            write_row(session, signed, sent, int(self._clock()))
        return sent

    def _send(self, sent: SignedTransaction, signed: SignedIntent) -> None:
        """Send it. Only what no node would ever take is given up; everything else is followed."""
        try:
            self._chain.send(sent.raw)
        except Unavailable as error:
            _log.warning("not sent yet", code=error.code, detail=error.detail)
        except Refused as error:
            if error.code in _USELESS:
                self._settle(signed.intent.digest(), REFUSED, error=error)
                raise
            _log.warning("not sent yet", code=error.code, detail=error.detail)

    def _moved_on(self, row: RelayRow) -> bool:
        """Return whether it still waits."""
        if self._looked_at(row).state != WAITING:
            return False
        if self._is_displaced(row) or not self._chain.knows(row.transaction_hash):
            with self._sending():
                return self._sent_again(row.id)
        return True

    def _is_displaced(self, row: RelayRow) -> bool:
        """Tell whether another transaction of the account took its place: somebody else has the account too."""
        return settled_nonce(self._chain, row.sender) > row.nonce and self._chain.receipt(row.transaction_hash) is None

    def _sent_again(self, intent: bytes) -> bool:
        with self._database.read() as session:
            row = session.get_one(RelayRow, intent)
        signed = read_row(row).signed
        if self._is_displaced(row):
            return self._again(signed)
        self._send(SignedTransaction(row.raw, row.transaction_hash, row.sender, row.nonce), signed)
        return True

    def _sending(self) -> AbstractContextManager[None]:
        return self._leases.alone(f"account {self._account().address}")

    def _again(self, signed: SignedIntent) -> bool:
        try:
            self._send(self._written(signed), signed)
        except Refused as error:
            self._settle(signed.intent.digest(), REFUSED, error=error)
            return False
        return True

    def _looked_at(self, row: RelayRow) -> Relayed:
        """Return it as the chain has it now: a block may also have been replaced."""
        receipt = self._chain.receipt(row.transaction_hash)
        if receipt is None:
            if row.state == MINED:
                self._settle(row.id, WAITING)
                self._wake.set()
            return self._read(row.id)
        if row.state != MINED and (row.state, row.block_number) != (REFUSED, receipt.block_number):
            error = None if receipt.succeeded else self._reason(row, receipt)
            self._settle(row.id, REFUSED if error else MINED, receipt.block_number, error)
        return self._read(row.id)

    def _reason(self, row: RelayRow, receipt: TransactionReceipt) -> Refused:
        return failure(self._chain, read_row(row).signed.relay(), row.sender, receipt)

    def _settle(self, intent: bytes, state: str, block: int | None = None, error: PortsealError | None = None) -> None:
        with self._database.write() as session:
            row = session.get_one(RelayRow, intent)
            row.state, row.block_number = state, block
            row.code, row.detail, row.mend = (error.code, error.detail, error.mend) if error else (None, None, None)

    def _read(self, intent: bytes) -> Relayed:
        with self._database.read() as session:
            return read_row(session.get_one(RelayRow, intent))
