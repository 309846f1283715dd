import pytest

from ledger.errors import PortsealError, Refused, Unavailable
from ledger.send_error import SendError, classify, error_of

# Texts of geth 1.13.15, anvil 1.x, Besu 24 and the embedded chain.
TEXTS = [
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


@pytest.mark.parametrize(("text", "reason"), TEXTS)
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
