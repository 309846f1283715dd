"""Transactions: what to call, signed, sent, and waited for; what they pay for gas the chain says (ledger/fee.py)."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ledger.abi import Abi
from ledger.account import Account
from ledger.chain import Chain
from ledger.errors import Refused, Unavailable
from ledger.fee import FREE, Fee, fee_of
from ledger.revert import Reverted
from ledger.transaction_receipt import TransactionReceipt

GAS = 6_000_000
"""The gas limit of a transaction that is not estimated: more than any single call of Portseal's needs, less
than any chain's block takes. What is not used costs nothing."""

_POLL = 0.05
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """What to call: the contract (None: a new one), the call's bytes, and the ABI for its errors."""

    to: str | None
    data: bytes
    abi: Abi | None = field(default=None, repr=False, compare=False)

    def explain(self, reverted: Reverted) -> Refused:
        """Return the contract's own error for a revert of this call."""
        return self.abi.explain(reverted) if self.abi else reverted


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """The bytes to send, and what they are known by."""

    raw: bytes
    hash: bytes
    sender: str
    nonce: int


def sign(
    account: Account, call: Call, *, nonce: int, chain_id: int, gas: int = GAS, fee: Fee = FREE
) -> SignedTransaction:
    """Sign a call; `gas` is its limit."""
    fields = {"nonce": nonce, "gas": gas, "value": 0, "data": call.data, "chainId": chain_id, **fee.fields()}
    raw, digest = account.sign_transaction(fields if call.to is None else {**fields, "to": call.to})
    return SignedTransaction(raw, digest, account.address, nonce)


def estimate_gas(chain: Chain, sender: str, call: Call) -> int:
    """Return a gas limit with a quarter to spare. Raises Refused `contract.*` as the call would now."""
    try:
        return chain.estimate_gas(call.to, call.data, sender) * 5 // 4
    except Reverted as reverted:
        raise call.explain(reverted) from None


def settled_nonce(chain: Chain, sender: str) -> int:
    """Return the account's nonce in the block before the head: what used a lower one can be looked up by now.

    Of its newest block a node may show the state before the receipts; anvil does. Raises Unavailable `chain.*`.
    """
    return chain.nonce(sender, max(0, chain.head().number - 1))


def submit(chain: Chain, account: Account, call: Call) -> TransactionReceipt:
    """Send one call and wait until it is mined; what would be refused now is not sent.

    Raises Refused `contract.*`, Unavailable `chain.*` (`chain.not-mined` after 60 s).
    """
    gas = estimate_gas(chain, account.address, call)
    nonce = chain.nonce(account.address, pending=True)
    signed = sign(account, call, nonce=nonce, chain_id=chain.chain_id, gas=gas, fee=fee_of(chain))
    return _checked(chain, call, account.address, await_receipt(chain, chain.send(signed.raw)))


def submit_all(chain: Chain, calls: Sequence[tuple[Account, Call]], gas: int = GAS) -> list[TransactionReceipt]:
    """Send calls that may build on one another, then wait for all; each account's calls keep their order.

    Raises the reason of the first that failed, when all are mined, and what submit raises.
    """
    sent: Counter[str] = Counter()
    first = {account.address: chain.nonce(account.address, pending=True) for account, _ in calls}
    hashes, fee = [], fee_of(chain)
    for account, call in calls:
        nonce = first[account.address] + sent[account.address]
        sent[account.address] += 1
        hashes.append(chain.send(sign(account, call, nonce=nonce, chain_id=chain.chain_id, gas=gas, fee=fee).raw))
    receipts = [await_receipt(chain, digest) for digest in hashes]
    return [_checked(chain, call, account.address, one) for (account, call), one in zip(calls, receipts, strict=True)]


def await_receipt(chain: Chain, transaction_hash: bytes, patience: float = _PATIENCE) -> TransactionReceipt:
    """Wait until the transaction is mined, at most `patience` s. Raises Unavailable `chain.not-mined`."""
    deadline = time.monotonic() + patience
    while (receipt := chain.receipt(transaction_hash)) is None:
        if time.monotonic() > deadline:
            detail = f"the transaction 0x{transaction_hash.hex()} was sent and is not mined yet"
            raise Unavailable("chain.not-mined", detail, mend="check that the chain makes blocks, then look again")
        time.sleep(_POLL)
    return receipt


def await_sent(chain: Chain, accounts: Iterable[Account], patience: float = _PATIENCE) -> None:
    """Wait until nothing that these accounts sent waits for a block; then the state tells all that they did.

    Raises Unavailable `chain.not-mined` after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    for address in sorted({account.address for account in accounts}):
        while chain.nonce(address) < chain.nonce(address, pending=True):
            if time.monotonic() > deadline:
                detail = f"transactions of {address} wait and are not mined"
                raise Unavailable("chain.not-mined", detail, mend="check that the chain makes blocks")
            time.sleep(_POLL)


def failure(chain: Chain, call: Call, sender: str, receipt: TransactionReceipt) -> Refused:
    """Return why a mined transaction failed: it is called again just before its block, then just after."""
    for at in (receipt.block_number - 1, receipt.block_number):
        try:
            _replay(chain, call, sender, at)
        except Reverted as reverted:
            return call.explain(reverted)
    detail = f"the transaction 0x{receipt.transaction_hash.hex()} failed and the reason cannot be found again"
    return Refused("contract.reverted", detail, mend="read the contract's state and send the call again")


def _replay(chain: Chain, call: Call, sender: str, at: int) -> None:
    if call.to is not None:
        chain.call(call.to, call.data, at=at, sender=sender)


def _checked(chain: Chain, call: Call, sender: str, receipt: TransactionReceipt) -> TransactionReceipt:
    if not receipt.succeeded:
        raise failure(chain, call, sender, receipt)
    return receipt
