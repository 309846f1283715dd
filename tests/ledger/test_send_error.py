import pytest

from ledger.errors import PortsealError, Refused, Unavailable
from ledger.send_error import SendError, classify, error_of

# What geth 1.13.15 and anvil 1.7.1 answered (tests/chain/chain_contract.py sends them the like).
OF_GETH = [
    ("already known", SendError.KNOWN),
    ("nonce too low: next nonce 1, tx nonce 0", SendError.NONCE_TAKEN),
    ("replacement transaction underpriced", SendError.REPLACEMENT),
    ("insufficient funds for gas * price + value: balance 0, tx cost 100000, overshot 100000", SendError.FEE),
    ("intrinsic gas too low: gas 20999, minimum needed 21000", SendError.GAS),
    ("exceeds block gas limit", SendError.GAS),
    ("invalid sender", SendError.CHAIN),
    ("only replay-protected (EIP-155) transactions allowed over RPC", SendError.CHAIN),
    ("oversized data: transaction size 204908, limit 131072", SendError.SIZE),
    ("max priority fee per gas higher than max fee per gas", SendError.FORM),
    ("typed transaction too short", SendError.FORM),
    ("rlp: value size exceeds available input length", SendError.FORM),
    ("rlp: too few elements for types.DynamicFeeTx", SendError.FORM),
    ("rlp: expected List", SendError.FORM),
    ("rlp: input contains more than one value", SendError.FORM),
]
OF_ANVIL = [
    ("transaction already imported", SendError.KNOWN),
    ("nonce too low", SendError.NONCE_TAKEN),
    ("replacement transaction underpriced", SendError.REPLACEMENT),
    ("Insufficient funds for gas * price + value", SendError.FEE),
    ("intrinsic gas too low", SendError.GAS),
    ("intrinsic gas too high -- tx.gas_limit > env.block.gas_limit", SendError.GAS),
    ("invalid chain id for signer", SendError.CHAIN),
    ("max priority fee per gas higher than max fee per gas", SendError.FORM),
    ("Empty transaction data", SendError.FORM),
    ("Failed to decode transaction", SendError.FORM),
]
# From the sources: other versions of geth and anvil, Besu 24, py-evm; and the embedded chain.
TEXTS = [
    ("nonce has max value: at most 2^64-2", SendError.NONCE_GAP),
    ("oversized data: transaction size 4194305, limit 4194304", SendError.SIZE),
    ("rlp: the bytes are not in canonical form", SendError.FORM),
    ("transaction type not supported", SendError.FORM),
    ("max initcode size exceeded: code size 50000, limit 49152", SendError.SIZE),
    ("already known", SendError.KNOWN),
    ("Known transaction", SendError.KNOWN),
    ("transaction already imported", SendError.KNOWN),
    ("nonce too low", SendError.NONCE_TAKEN),
    ("nonce too low: next nonce 5, tx nonce 2", SendError.NONCE_TAKEN),
    ("Nonce too low", SendError.NONCE_TAKEN),
    ("nonce too high: next 5, given 99, at most 64 may be missing", SendError.NONCE_GAP),
    ("Transaction nonce is too distant from current sender nonce", SendError.NONCE_GAP),
    ("An invalid transaction with a lower nonce exists", SendError.NONCE_GAP),
    ("replacement transaction underpriced", SendError.REPLACEMENT),
    ("Replacement transaction underpriced", SendError.REPLACEMENT),
    ("transaction underpriced", SendError.FEE),
    ("transaction underpriced: tip needed 1, tip permitted 0", SendError.FEE),
    ("max fee per gas less than block base fee: address 0x1, maxFeePerGas: 0", SendError.FEE),
    ("Gas price below configured minimum gas price", SendError.FEE),
    ("insufficient funds for gas * price + value: balance 0, tx cost 1", SendError.FEE),
    ("Upfront cost exceeds account balance", SendError.FEE),
    ("exceeds block gas limit", SendError.GAS),
    ("Transaction gas limit exceeds block gas limit", SendError.GAS),
    ("intrinsic gas too low", SendError.GAS),
    ("intrinsic gas too low: have 1, want 21000", SendError.GAS),
    ("Intrinsic gas exceeds gas limit", SendError.GAS),
    ("Sender account not authorized to send transactions", SendError.SENDER),
    ("invalid sender", SendError.CHAIN),
    ("invalid chain id for signer: have 1 want 2", SendError.CHAIN),
    ("Wrong chainId", SendError.CHAIN),
    ("only replay-protected (EIP-155) transactions allowed over RPC", SendError.CHAIN),
    ("txpool is full", SendError.FULL),
    ("Transaction pool is full", SendError.FULL),
    ("disk quota", SendError.OTHER),
    ("", SendError.OTHER),
]


@pytest.mark.parametrize(("text", "reason"), OF_GETH + OF_ANVIL + TEXTS)
def test_every_client_is_understood(text: str, reason: SendError) -> None:
    assert classify(text) is reason


@pytest.mark.parametrize("reason", SendError)
def test_each_reason_has_an_error_with_a_mend(reason: SendError) -> None:
    error = error_of(reason, "text")
    assert isinstance(error, PortsealError)
    assert error.code.startswith("chain.")
    assert error.mend


def test_what_may_pass_is_unavailable_and_what_stays_is_refused() -> None:
    assert isinstance(error_of(SendError.FULL, ""), Unavailable)
    assert isinstance(error_of(SendError.OTHER, ""), Unavailable)
    assert isinstance(error_of(SendError.NONCE_TAKEN, ""), Refused)
    # What no node will ever take must not be sent for ever.
    assert isinstance(error_of(SendError.SIZE, ""), Refused)
    assert isinstance(error_of(SendError.FORM, ""), Refused)
