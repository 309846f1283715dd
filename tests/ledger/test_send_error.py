import pytest

from ledger.errors import PortsealError, Refused, Unavailable
from ledger.send_error import Remedy, SendError, classify, error_of, remedy_of

# What geth 1.13.15 and anvil 1.7.1 answered (tests/chain/chain_contract.py sends them the like).
OF_GETH = [
    ("already known", SendError.KNOWN),
    ("nonce too low: next nonce 1, tx nonce 0", SendError.NONCE_TAKEN),
    ("replacement transaction underpriced", SendError.REPLACEMENT),
    ("insufficient funds for gas * price + value: balance 0, tx cost 100000, overshot 100000", SendError.FUNDS),
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
    ("Insufficient funds for gas * price + value", SendError.FUNDS),
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
    ("insufficient funds for gas * price + value: balance 0, tx cost 1", SendError.FUNDS),
    ("Upfront cost exceeds account balance", SendError.FUNDS),
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
# Besu's RpcErrorType.java, all that eth_sendRawTransaction may answer.
OF_BESU = [
    ("Known transaction", SendError.KNOWN),
    ("Replacement transaction underpriced", SendError.REPLACEMENT),
    ("Nonce too low", SendError.NONCE_TAKEN),
    ("Nonce too high", SendError.NONCE_GAP),
    ("Transaction nonce is too distant from current sender nonce", SendError.NONCE_GAP),
    ("An invalid transaction with a lower nonce exists", SendError.NONCE_GAP),
    ("Invalid signature", SendError.FORM),
    ("Invalid transaction type", SendError.FORM),
    ("Invalid params", SendError.FORM),
    ("Invalid transaction params (missing or incorrect)", SendError.FORM),
    ("Max priority fee per gas exceeds max fee per gas", SendError.FORM),
    ("Intrinsic gas exceeds gas limit", SendError.GAS),
    ("Transaction gas limit exceeds block gas limit", SendError.GAS),
    ("Upfront cost exceeds account balance", SendError.FUNDS),
    ("Sender account not authorized to send transactions", SendError.SENDER),
    ("Plugin has marked the transaction as invalid", SendError.SENDER),
    ("Gas price below configured minimum gas price", SendError.FEE),
    ("Gas price below current base fee", SendError.FEE),
    ("Transaction fee cap exceeded", SendError.FEE_CAP),
    ("Wrong chainId", SendError.CHAIN),
    ("ChainId not supported", SendError.CHAIN),
    ("ChainId is required", SendError.CHAIN),
    ("Initial sync is still in progress", SendError.NOT_READY),
    (
        "Transaction pool not enabled. (Either txpool explicitly disabled, or node not yet in sync).",
        SendError.NOT_READY,
    ),
    ("Internal error", SendError.OTHER),
    ("Timeout expired", SendError.OTHER),
]
# go-ethereum core/txpool/errors.go, core/error.go, internal/ethapi: what is not among the answers above.
IN_GETH = [
    ("future transaction tries to replace pending", SendError.REPLACEMENT),
    ("address already reserved", SendError.REPLACEMENT),
    ("account limit exceeded", SendError.FULL),
    ("negative value", SendError.FORM),
    ("gas uint64 overflow", SendError.GAS),
    ("gas limit reached", SendError.GAS),
    ("insufficient funds for transfer", SendError.FUNDS),
    ("sender not an eoa", SendError.SENDER),
    ("max priority fee per gas higher than 2^256-1", SendError.FORM),
    ("max fee per gas higher than 2^256-1", SendError.FORM),
    ("tx fee (2.00 ether) exceeds the configured cap (1.00 ether)", SendError.FEE_CAP),
    ("nonce too high: address 0x1, tx: 5 state: 3", SendError.NONCE_GAP),
]
# foundry crates/anvil/src/eth/error.rs
IN_ANVIL = [
    ("Tx: [0x11] insufficient gas price to replace existing transaction", SendError.REPLACEMENT),
    ("Tx: [0x11] already Imported", SendError.KNOWN),
    ("Transaction data is empty", SendError.FORM),
    ("Failed to decode signed transaction", SendError.FORM),
    ("Incompatible EIP-155 transaction, signed for another chain", SendError.CHAIN),
    ("Transaction gas limit is greater than the block gas limit, gas_limit: 9, cap: 8", SendError.GAS),
    ("Out of gas: gas required exceeds allowance: 5", SendError.GAS),
    ("Unknown transaction type not supported", SendError.FORM),
    ("EIP-7702 authorization lists are not supported before the Prague hardfork", SendError.FORM),
    ("Access lists are not supported before the Berlin hardfork", SendError.FORM),
    ("Nonce too high", SendError.NONCE_GAP),
    ("max fee per gas less than block base fee", SendError.FEE),
]
# py-evm eth/vm/forks/frontier/validation.py, london/validation.py, homestead/validation.py, berlin/transactions.py
IN_PY_EVM = [
    ("Invalid transaction nonce: Expected 5, but got 3", SendError.NONCE_TAKEN),
    ("Invalid transaction nonce: Expected 5, but got 12", SendError.NONCE_GAP),
    ("Sender b'1' cannot afford txn gas 100 with account balance 0", SendError.FUNDS),
    ("Sender does not have enough balance to cover transaction value and gas  (has 0, needs 1)", SendError.FUNDS),
    ("Transaction exceeds gas limit: using 9, bringing total to 9, but limit is 8", SendError.GAS),
    ("Insufficient gas", SendError.GAS),
    ("Sender's max fee per gas (0) is lower than block's base fee per gas (7)", SendError.FEE),
    ("Invalid signature S value", SendError.FORM),
    ("Encoded transaction was empty, which makes it invalid", SendError.FORM),
    ("Cannot build typed transaction with 0x99 >= 0x80", SendError.FORM),
]


@pytest.mark.parametrize(("text", "reason"), OF_GETH + OF_ANVIL + TEXTS + OF_BESU + IN_GETH + IN_ANVIL + IN_PY_EVM)
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


REMEDIES = {
    SendError.KNOWN: Remedy.WAIT,
    SendError.NONCE_TAKEN: Remedy.LOOK,
    SendError.NONCE_GAP: Remedy.FILL,
    SendError.REPLACEMENT: Remedy.WAIT,
    SendError.GAS: Remedy.RESIGN,
    SendError.FEE: Remedy.RESIGN,
    SendError.FEE_CAP: Remedy.ALARM,
    SendError.FUNDS: Remedy.ALARM,
    SendError.SENDER: Remedy.ALARM,
    SendError.CHAIN: Remedy.ALARM,
    SendError.SIZE: Remedy.ALARM,
    SendError.FORM: Remedy.ALARM,
    SendError.FULL: Remedy.WAIT,
    SendError.NOT_READY: Remedy.WAIT,
    SendError.OTHER: Remedy.WAIT,
}


@pytest.mark.parametrize("reason", SendError)
def test_what_is_done_about_each(reason: SendError) -> None:
    assert remedy_of(error_of(reason, "text")) is REMEDIES[reason]


@pytest.mark.parametrize("code", ["chain.connection", "chain.timeout", "chain.answer", "chain.error"])
def test_a_node_that_says_nothing_of_the_transaction_is_no_reason(code: str) -> None:
    assert remedy_of(Unavailable(code, "")) is None
