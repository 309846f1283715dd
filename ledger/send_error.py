"""What a node means when it does not take a transaction, and what to do then: every client words it differently.

Sources: what geth 1.13.15 and anvil 1.7.1 answer in the tests; go-ethereum core/txpool/errors.go, core/error.go and
core/txpool/validation.go; foundry crates/anvil/src/eth/error.rs; Besu's RpcErrorType.java; py-evm
eth/vm/forks/{frontier,london}/validation.py.
"""

import re
from dataclasses import dataclass
from enum import Enum

from ledger.errors import PortsealError, Refused, Unavailable


class SendError(Enum):
    """Why a transaction was not taken."""

    KNOWN = "already known"
    NONCE_TAKEN = "the nonce of the account is beyond it"
    NONCE_GAP = "an earlier transaction of the account is missing"
    REPLACEMENT = "another transaction with the same nonce waits"
    GAS = "its gas limit is too low or does not fit into a block"
    FEE = "the chain asks for a higher gas price"
    FEE_CAP = "its price is higher than the node lets anybody pay"
    FUNDS = "the account cannot pay for it"
    SENDER = "the chain does not permit this account to send"
    CHAIN = "it was signed for another chain"
    SIZE = "it is too large"
    FORM = "its bytes are no transaction that this chain could take"
    FULL = "too many transactions wait"
    NOT_READY = "the node has not caught up with the chain"
    OTHER = "reason not known"


class Remedy(Enum):
    """What the sender does about it.

    WAIT: the same bytes go again later, and are replaced by better paid ones when they are stuck. LOOK: see who used
    the nonce. FILL: see that the earlier nonces are sent. RESIGN: the same nonce with gas and price as they are now.
    ALARM: somebody has to do something; the same bytes go again later all the same.
    """

    WAIT = "wait"
    LOOK = "look"
    FILL = "fill"
    RESIGN = "resign"
    ALARM = "alarm"


# The first pattern that is found counts: the narrow ones stand above the wide ones.
_TABLE: tuple[tuple[str, SendError], ...] = (
    (r"already known|\bknown transaction|already imported|already in (?:the )?(?:mem)?pool", SendError.KNOWN),
    (r"nonce too low|nonce (?:is )?below", SendError.NONCE_TAKEN),
    (
        r"nonce too high|nonce (?:has max|gap)|nonce.*too distant|gapped|lower nonce.*exists",
        SendError.NONCE_GAP,
    ),
    (
        r"replacement.*underpriced|same nonce|replace (?:existing|pending)|address already reserved",
        SendError.REPLACEMENT,
    ),
    (r"fee cap exceeded|exceeds the configured cap", SendError.FEE_CAP),
    (
        r"max priority fee per gas (?:higher|exceeds)|higher than 2\^256|negative value|invalid fee input",
        SendError.FORM,
    ),
    (r"insufficient (?:funds|balance)|upfront cost|cannot afford|not have enough balance", SendError.FUNDS),
    (
        r"exceeds block gas limit|exceeds (?:the )?gas limit|intrinsic gas|gas too (?:low|high)|insufficient gas"
        r"|gas uint64 overflow|gas limit reached|gas limit is greater|out of gas",
        SendError.GAS,
    ),
    (r"underpriced|base ?fee|gas ?price.*(?:minimum|below|too low)", SendError.FEE),
    (r"not authori[sz]ed|not permitted|unauthori[sz]ed|not an eoa|plugin has marked", SendError.SENDER),
    (r"chain ?id|replay.?protect|invalid sender|another chain", SendError.CHAIN),
    (r"oversized|size exceeded|too large", SendError.SIZE),
    (
        r"\brlp\b|too short|decod|empty transaction|data is empty|was empty|typed? not supported|hard ?fork"
        r"|invalid signature|invalid transaction type|invalid (?:transaction )?params|cannot build typed",
        SendError.FORM,
    ),
    (r"pool (?:is )?full|limit exceeded", SendError.FULL),
    (r"sync is still|not yet in sync|pool not enabled|not synced", SendError.NOT_READY),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), reason) for pattern, reason in _TABLE)

# py-evm has one text for a nonce that is used and one that is too early; the numbers tell which.
_PY_EVM_NONCE = re.compile(r"invalid transaction nonce: expected (\d+), but got (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class _Meaning:
    code: str
    remedy: Remedy
    mend: str
    passes: bool = False
    """Whether the same bytes may be taken later, without anybody doing anything."""


_AGAIN = "send the same transaction again later"
_MEANINGS: dict[SendError, _Meaning] = {
    SendError.KNOWN: _Meaning("chain.not-sent", Remedy.WAIT, _AGAIN, passes=True),
    SendError.NONCE_TAKEN: _Meaning("chain.nonce-taken", Remedy.LOOK, "read the account's nonce again and sign anew"),
    SendError.NONCE_GAP: _Meaning("chain.nonce-gap", Remedy.FILL, "send the account's earlier transactions first"),
    SendError.REPLACEMENT: _Meaning("chain.replacement", Remedy.WAIT, "wait until the other transaction is mined"),
    SendError.GAS: _Meaning("chain.gas", Remedy.RESIGN, "send fewer changes in one transaction"),
    SendError.FEE: _Meaning(
        "chain.fee",
        Remedy.RESIGN,
        "sign it again with the price of the newest block, or let the operators ask for none",
    ),
    SendError.FEE_CAP: _Meaning(
        "chain.fee-cap", Remedy.ALARM, "raise the cap of the node, or ask why the chain is dear"
    ),
    SendError.FUNDS: _Meaning("chain.funds", Remedy.ALARM, "fund the account, or let the operators ask for no price"),
    SendError.SENDER: _Meaning("chain.sender", Remedy.ALARM, "ask the chain's operators to permit the account"),
    SendError.SIZE: _Meaning("chain.size", Remedy.ALARM, "send fewer changes in one transaction"),
    SendError.FORM: _Meaning(
        "chain.form", Remedy.ALARM, "sign the transaction again, in the form of this chain's rules"
    ),
    SendError.CHAIN: _Meaning("chain.other-chain", Remedy.ALARM, "check the chain id in the network file"),
    SendError.FULL: _Meaning("chain.pool-full", Remedy.WAIT, _AGAIN, passes=True),
    SendError.NOT_READY: _Meaning("chain.not-ready", Remedy.WAIT, "wait for the node, or name another", passes=True),
    SendError.OTHER: _Meaning("chain.not-sent", Remedy.WAIT, _AGAIN, passes=True),
}
_REMEDIES = {meaning.code: meaning.remedy for meaning in _MEANINGS.values()}


def classify(message: str) -> SendError:
    """Tell what the text of a node's error means."""
    if nonces := _PY_EVM_NONCE.search(message):
        expected, got = (int(one) for one in nonces.groups())
        return SendError.NONCE_TAKEN if got < expected else SendError.NONCE_GAP
    for pattern, reason in _PATTERNS:
        if pattern.search(message):
            return reason
    return SendError.OTHER


def error_of(reason: SendError, message: str) -> PortsealError:
    """Return the error to raise: Refused where sending the same bytes again is useless, else Unavailable."""
    meaning = _MEANINGS[reason]
    detail = f"the node did not take the transaction: {reason.value} ({message[:200]!r})"
    return (Unavailable if meaning.passes else Refused)(meaning.code, detail, mend=meaning.mend)


def remedy_of(error: PortsealError) -> Remedy | None:
    """Return what to do about an error that a send raised; None where no node has said anything about it."""
    return _REMEDIES.get(error.code)
