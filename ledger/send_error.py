"""What a node means when it does not take a transaction: every client words it differently.

Sources: what geth 1.13.15 and anvil 1.7.1 answer in the tests; go-ethereum core/txpool/errors.go and core/error.go;
Besu's TransactionInvalidReason and RpcErrorType; py-evm's validation of transactions.
"""

import re
from enum import Enum

from ledger.errors import PortsealError, Refused, Unavailable


class SendError(Enum):
    """Why a transaction was not taken."""

    KNOWN = "already known"
    NONCE_TAKEN = "the nonce of the account is beyond it"
    NONCE_GAP = "an earlier transaction of the account is missing"
    REPLACEMENT = "another transaction with the same nonce waits"
    GAS = "its gas limit is too low or does not fit into a block"
    FEE = "the chain asks for a gas price"
    SENDER = "the chain does not permit this account to send"
    CHAIN = "it was signed for another chain"
    SIZE = "it is too large"
    FORM = "its bytes are no transaction that this chain could take"
    FULL = "too many transactions wait"
    OTHER = "reason not known"


_TABLE: tuple[tuple[str, SendError], ...] = (
    (r"already known|known transaction|already imported|already in (?:the )?(?:mem)?pool", SendError.KNOWN),
    (r"nonce too low|nonce (?:is )?below", SendError.NONCE_TAKEN),
    (
        r"nonce too high|nonce (?:has max|gap)|nonce.*too distant|gapped|lower nonce.*exists",
        SendError.NONCE_GAP,
    ),
    (r"replacement.*underpriced|same nonce", SendError.REPLACEMENT),
    (r"exceeds block gas limit|exceeds (?:the )?gas limit|intrinsic gas|gas too (?:low|high)", SendError.GAS),
    (r"max priority fee per gas higher", SendError.FORM),
    (r"underpriced|base ?fee|gas ?price.*(?:minimum|below|too low)", SendError.FEE),
    (r"insufficient funds|upfront cost", SendError.FEE),
    (r"not authori[sz]ed|not permitted|unauthori[sz]ed", SendError.SENDER),
    (r"chain ?id|replay.?protect|invalid sender", SendError.CHAIN),
    (r"oversized|size exceeded|too large", SendError.SIZE),
    (r"\brlp\b|too short|decod|empty transaction|type not supported", SendError.FORM),
    (r"pool (?:is )?full|limit exceeded", SendError.FULL),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), reason) for pattern, reason in _TABLE)

_REFUSED: dict[SendError, tuple[str, str]] = {
    SendError.NONCE_TAKEN: ("chain.nonce-taken", "read the account's nonce again and sign anew"),
    SendError.NONCE_GAP: ("chain.nonce-gap", "send the account's earlier transactions first"),
    SendError.REPLACEMENT: ("chain.replacement", "wait until the other transaction is mined"),
    SendError.GAS: ("chain.gas", "send fewer changes in one transaction"),
    SendError.FEE: ("chain.fee", "let the chain's operators set the gas price to zero"),
    SendError.SENDER: ("chain.sender", "ask the chain's operators to permit the account"),
    SendError.SIZE: ("chain.size", "send fewer changes in one transaction"),
    SendError.FORM: ("chain.form", "sign the transaction again, in the form of this chain's rules"),
    SendError.CHAIN: ("chain.other-chain", "check the chain id in the network file"),
}


def classify(message: str) -> SendError:
    """Tell what the text of a node's error means."""
    for pattern, reason in _PATTERNS:
        if pattern.search(message):
            return reason
    return SendError.OTHER


def error_of(reason: SendError, message: str) -> PortsealError:
    """Return the error to raise: Refused where sending the same bytes again is useless, else Unavailable."""
    detail = f"the node did not take the transaction: {reason.value} ({message[:200]!r})"
    if reason in _REFUSED:
        code, mend = _REFUSED[reason]
        return Refused(code, detail, mend=mend)
    code = "chain.pool-full" if reason is SendError.FULL else "chain.not-sent"
    return Unavailable(code, detail, mend="send the same transaction again later")
