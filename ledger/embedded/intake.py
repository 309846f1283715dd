"""What a raw transaction must be before it may wait for a block."""

from collections.abc import Callable

from eth.abc import SignedTransactionAPI
from eth.exceptions import PyEVMError
from eth.vm.forks.london.transactions import LondonTransactionBuilder
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError
from rlp.exceptions import RLPException

from ledger.embedded.rpc_error import rejected
from ledger.embedded.rules import TRANSACTION_GAS

MAX_BYTES = 4 << 20
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0  # of secp256k1, rounded down
MAX_NONCE = 2**64 - 2  # EIP-2681

BROKEN = (RLPException, ValidationError, PyEVMError, ValueError, TypeError, IndexError)


def read_transaction(raw: bytes, chain_id: int) -> SignedTransactionAPI:
    """Decode and check a legacy (EIP-155), EIP-2930 or EIP-1559 transaction; RpcError says what is wrong.

    Not checked here: the nonce, which depends on what else waits.
    """
    if len(raw) > MAX_BYTES:
        raise rejected(f"oversized data: transaction size {len(raw)}, limit {MAX_BYTES}")
    try:
        transaction = LondonTransactionBuilder.decode(raw)
    except BROKEN as error:
        raise rejected("rlp: the bytes are not a transaction that this chain knows") from error
    if transaction.encode() != raw:
        # The rlp library reads some forms that are not canonical; then our hash would not be that of these bytes.
        raise rejected("rlp: the bytes are not in canonical form")
    _check_chain(transaction, chain_id)
    _check_signature(transaction)
    _check_limits(transaction)
    return transaction


def _check_chain(transaction: SignedTransactionAPI, chain_id: int) -> None:
    if transaction.chain_id is None:
        raise rejected("only replay-protected (EIP-155) transactions allowed over RPC")
    if transaction.chain_id != chain_id:
        raise rejected(f"invalid chain id for signer: have {transaction.chain_id} want {chain_id}")


def _check_signature(transaction: SignedTransactionAPI) -> None:
    """Refuse high s too (EIP-2): py-evm leaves that open for typed transactions."""
    try:
        sender = transaction.sender
    except (BadSignature, ValidationError) as error:
        raise rejected("invalid sender") from error
    if not sender or transaction.s > HALF_ORDER:
        raise rejected("invalid sender")


def _check_limits(transaction: SignedTransactionAPI) -> None:
    if transaction.nonce > MAX_NONCE:
        raise rejected("nonce has max value: at most 2^64-2")
    if transaction.gas > TRANSACTION_GAS:
        raise rejected(f"exceeds block gas limit: at most {TRANSACTION_GAS} for one transaction")
    if transaction.gas < transaction.intrinsic_gas:
        needed = transaction.intrinsic_gas
        raise rejected(f"intrinsic gas too low: gas {transaction.gas}, minimum needed {needed}")
    if transaction.max_fee_per_gas < transaction.max_priority_fee_per_gas:
        raise rejected("max priority fee per gas higher than max fee per gas")


def check_funds(transaction: SignedTransactionAPI, balance: Callable[[], int]) -> None:
    """Refuse what the sender cannot pay: accounts here hold nothing, so price and value are 0."""
    cost = transaction.gas * transaction.max_fee_per_gas + transaction.value
    if cost and cost > balance():
        raise rejected(f"insufficient funds for gas * price + value: balance {balance()}, tx cost {cost}")
