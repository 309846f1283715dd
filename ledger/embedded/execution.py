"""Running a call on a state without keeping anything: eth_call and eth_estimateGas."""

from dataclasses import dataclass, replace
from typing import cast

from eth.abc import ComputationAPI, SignedTransactionAPI, StateAPI
from eth.exceptions import OutOfGas, Revert
from eth.vm.forks.london.transactions import LondonTransactionBuilder
from eth.vm.spoof import SpoofTransaction
from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_typing import Address
from eth_utils.exceptions import ValidationError

from ledger.embedded.hexadecimal import data as write_data
from ledger.embedded.rpc_error import REVERTED, RpcError, rejected

ERROR_STRING = bytes.fromhex("08c379a0")  # selector of Error(string), Solidity's require with a reason


@dataclass(frozen=True)
class Call:
    """A call as a client asks for it; `to` is empty for the creation of a contract. Fees do not matter here."""

    sender: Address
    to: Address
    value: int
    data: bytes
    gas: int


def output(state: StateAPI, call: Call) -> bytes:
    """Return what `call` gives on `state`; RpcError 3 with the contract's data if it reverts."""
    computation = _run(state, _transaction(state, call))
    if computation.is_error:
        raise failure(computation)
    return computation.output


def needed_gas(state: StateAPI, call: Call) -> int:
    """Return a gas limit with which `call` was seen to succeed; RpcError if it fails with `call.gas` too."""
    whole = _transaction(state, call)
    computation = _run(state, whole)
    if computation.is_error:
        raise failure(computation)
    limit = call.gas - computation.get_gas_remaining()
    while limit < call.gas:
        if not _fails(state, replace(call, gas=limit)):
            return limit
        # A call leaves its callee at most 63/64 of what is left (EIP-150), so what was used can be too little.
        limit += max(limit // 63, 1_000)
    return call.gas


def _fails(state: StateAPI, call: Call) -> bool:
    return _run(state, _transaction(state, call)).is_error


def _transaction(state: StateAPI, call: Call) -> SpoofTransaction:
    unsigned = LondonTransactionBuilder.create_unsigned_transaction(
        nonce=state.get_nonce(call.sender), gas_price=0, gas=call.gas, to=call.to, value=call.value, data=call.data
    )
    transaction = SpoofTransaction(unsigned, from_=call.sender)
    if transaction.intrinsic_gas > call.gas:
        raise rejected(f"intrinsic gas too low: gas {call.gas}, minimum needed {transaction.intrinsic_gas}")
    return transaction


def _run(state: StateAPI, transaction: SpoofTransaction) -> ComputationAPI:
    snapshot = state.snapshot()
    try:
        return state.apply_transaction(cast(SignedTransactionAPI, transaction))
    except ValidationError as error:
        raise rejected("insufficient funds for gas * price + value") from error
    except RecursionError as error:
        raise rejected("the call is nested too deep") from error
    finally:
        state.revert(snapshot)


def failure(computation: ComputationAPI) -> RpcError:
    """Return the error of a computation that failed, in geth's words."""
    if isinstance(computation.error, Revert):
        return RpcError(REVERTED, _revert_message(computation.output), write_data(computation.output))
    if isinstance(computation.error, OutOfGas):
        return rejected("out of gas")
    return rejected(f"execution failed: {type(computation.error).__name__}")


def _revert_message(output: bytes) -> str:
    if output[:4] != ERROR_STRING:
        return "execution reverted"
    try:
        (reason,) = decode(["string"], output[4:])
    except (DecodingError, UnicodeDecodeError):
        return "execution reverted"
    return f"execution reverted: {reason}"
