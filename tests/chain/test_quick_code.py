"""Our code of the virtual machine beside py-evm's: any program ends the same way, with the same state and gas."""

from typing import Any

import pytest
from eth import constants
from eth.abc import ComputationAPI
from eth.db.atomic import AtomicDB
from eth.vm import opcode_values as op
from eth.vm.chain_context import ChainContext
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.london.computation import LondonComputation
from eth.vm.forks.london.state import LondonState
from eth.vm.message import Message
from eth.vm.transaction_context import BaseTransactionContext
from eth_utils.abi import function_abi_to_4byte_selector
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts import artifact
from ledger.embedded.quick_code import QuickCode, QuickComputation
from ledger.embedded.rules import EmbeddedState
from tests.consortium import Consortium

CODE, SENDER, OTHER = b"\x11" * 20, b"\x22" * 20, b"\x33" * 20
CALL_OTHER = bytes.fromhex("6020600060206000600073") + OTHER + bytes.fromhex("5af1")


class StockState(LondonState):
    computation_class = LondonComputation


def run(state_class: type[LondonState], code: bytes, data: bytes, gas: int) -> tuple[Any, ...]:
    """Run code that another contract's code stands beside; return all that can be seen of how it ended."""
    state = state_class(AtomicDB(), _context(), constants.BLANK_ROOT_HASH)
    state.set_code(CODE, code)
    state.set_code(OTHER, bytes.fromhex("60013560005260206000f3"))
    state.set_balance(CODE, 1000)
    message = Message(gas=gas, to=CODE, sender=SENDER, value=0, data=data, code=code)
    context = BaseTransactionContext(gas_price=0, origin=SENDER)
    computation = state.computation_class.apply_message(state, message, context)
    return (*_end(computation), state.make_state_root())


def _end(computation: ComputationAPI) -> tuple[Any, ...]:
    error = computation.error if computation.is_error else None
    stack = [one if isinstance(one, int) else int.from_bytes(one) for one in computation._stack.values]  # type: ignore[attr-defined]
    return (
        type(error),
        str(error),
        computation.output,
        computation.get_gas_used(),
        computation.get_gas_refund(),
        computation.get_log_entries(),
        # After a fault what is left on the stack counts for nothing, and ours may have taken more.
        None if error else stack,
        bytes(computation._memory._bytes),  # type: ignore[attr-defined]
    )


def _context() -> Any:
    return ExecutionContext(
        coinbase=b"\0" * 20,
        timestamp=1_800_000_000,
        block_number=7,
        difficulty=1,
        mix_hash=bytes(32),
        gas_limit=1 << 40,
        prev_hashes=(),
        chain_id=ChainContext(1).chain_id,
        base_fee_per_gas=0,
    )


COMMON = [*range(op.ADD, op.SMOD + 1), *range(op.LT, op.SAR + 1), op.SHA3, *range(op.POP, op.JUMPDEST + 1)]
ANY = st.integers(0, 255).map(lambda number: bytes([number]))
SMALL = st.integers(0, 70).map(lambda number: bytes([op.PUSH1, number]))
LARGE = st.integers(0, 2**256 - 1).map(lambda number: bytes([op.PUSH32]) + number.to_bytes(32))
STACK = st.sampled_from([*range(op.DUP1, op.DUP1 + 6), *range(op.SWAP1, op.SWAP1 + 6)]).map(lambda one: bytes([one]))
PIECES = st.one_of(
    SMALL,
    SMALL,
    LARGE,
    STACK,
    STACK,
    st.sampled_from(COMMON).map(lambda number: bytes([number])),
    st.sampled_from(COMMON).map(lambda number: bytes([number])),
    st.sampled_from([op.MSTORE, op.MLOAD, op.SHA3, op.SSTORE, op.SLOAD]).map(lambda one: bytes([op.PUSH1, 32, one])),
    st.just(CALL_OTHER),
    ANY,
)
PROGRAMS = st.tuples(st.lists(SMALL, max_size=12), st.lists(PIECES, max_size=60)).map(
    lambda two: b"".join(two[0] + two[1])
)


@settings(max_examples=1_500, deadline=None)
@given(code=PROGRAMS, data=st.binary(max_size=70), gas=st.integers(0, 3_000) | st.just(1_000_000))
@example(code=bytes([op.JUMPDEST, op.PUSH1, 0, op.JUMP]), data=b"", gas=100_000)
@example(code=bytes([op.PUSH1, 1] * 1025), data=b"", gas=100_000)
@example(code=bytes([op.PUSH1, 1, *[op.DUP1] * 1024]), data=b"", gas=100_000)
@example(code=bytes([op.PUSH32, 1, 2]), data=b"", gas=100_000)
@example(code=bytes([op.PUSH1, 4, op.JUMP, op.PUSH1, op.JUMPDEST]), data=b"", gas=100_000)
@example(code=bytes([op.PUSH1, 200, op.JUMP]), data=b"", gas=100_000)
@example(code=bytes([op.PUSH1, 1, op.PUSH1, 200, op.JUMPI]), data=b"", gas=100_000)
@example(code=bytes([op.PUSH1, 0, op.PUSH1, 200, op.JUMPI]), data=b"", gas=100_000)
def test_any_program(code: bytes, data: bytes, gas: int) -> None:
    assert run(EmbeddedState, code, data, gas) == run(StockState, code, data, gas)


@pytest.mark.parametrize("operation", range(256), ids=hex)
def test_every_operation_with_every_gas_around_its_own(operation: int) -> None:
    """Also with too few on the stack, with numbers at the ends, and with memory that is there or must grow."""
    low, high = bytes([op.PUSH1, 0]), bytes([op.PUSH32]) + b"\xff" * 32
    shift, memory = bytes([op.PUSH2, 1, 0]), bytes([op.PUSH1, 1, op.PUSH1, 64, op.MSTORE])
    for before in (b"", low, low * 7, high * 7, high + low, low + high, high + shift, shift + high, memory + low * 7):
        code = before + bytes([operation])
        whole = run(StockState, code, b"", 100_000)
        assert run(EmbeddedState, code, b"", 100_000) == whole
        for gas in (whole[3] - 1, whole[3], whole[3] + 1):
            if 0 < gas < 100_000:
                assert run(EmbeddedState, code, b"", gas) == run(StockState, code, b"", gas)


def test_our_code_is_what_runs() -> None:
    assert EmbeddedState.computation_class is QuickComputation
    state = EmbeddedState(AtomicDB(), _context(), constants.BLANK_ROOT_HASH)
    message = Message(gas=1, to=CODE, sender=SENDER, value=0, data=b"", code=b"\x60\x01")
    context = BaseTransactionContext(gas_price=0, origin=SENDER)
    assert isinstance(QuickComputation(state, message, context).code, QuickCode)


@pytest.mark.parametrize("name", ["AuthorityRegistry", "RecognitionRegistry"])
def test_the_registries_refuse_the_same_calls_in_the_same_way(consortium: Consortium, name: str) -> None:
    """Every function of a real contract, called with zeros: its code, its reverts, its gas."""
    code = consortium.chain.code(consortium.network.contracts[name].address)
    selectors = [function_abi_to_4byte_selector(one) for one in artifact(name).abi if one["type"] == "function"]  # type: ignore[arg-type]
    ended = set()
    for selector in selectors:
        data = selector + bytes(320)
        ours = run(EmbeddedState, code, data, 2_000_000)
        assert ours == run(StockState, code, data, 2_000_000)
        ended.add(ours[0])
    assert len(ended) > 1
