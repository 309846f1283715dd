"""The commonest operations of the virtual machine without py-evm's costs for each; whatever is not plain is py-evm's.

py-evm asks the code for one operation after the other. This code does the plain ones itself when it is asked, and hands
out the next that is not: an unusual operation, too little gas, too few or too many on the stack, memory that must grow,
a jump to nowhere. So every fault, and everything that touches the state, is py-evm's own.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from eth.abc import MessageAPI, StateAPI, TransactionContextAPI
from eth.vm import opcode_values as op
from eth.vm.code_stream import CodeStream
from eth.vm.computation import BaseComputation
from eth.vm.forks.london.computation import LondonComputation
from eth.vm.stack import Stack
from eth_hash.auto import keccak

_WORD = 2**256
_MOST = _WORD - 1
_FULL = 1024  # items on the stack
_PROGRAMS_KEPT = 64
_DEAREST = 10  # gas of the dearest operation done here, but for SHA3

_BINARY: dict[int, Callable[[int, int], int]] = {
    op.ADD: lambda top, next_: (top + next_) & _MOST,
    op.MUL: lambda top, next_: (top * next_) & _MOST,
    op.SUB: lambda top, next_: (top - next_) & _MOST,
    op.DIV: lambda top, next_: top // next_ if next_ else 0,
    op.LT: lambda top, next_: 1 if top < next_ else 0,
    op.GT: lambda top, next_: 1 if top > next_ else 0,
    op.EQ: lambda top, next_: 1 if top == next_ else 0,
    op.AND: lambda top, next_: top & next_,
    op.OR: lambda top, next_: top | next_,
    op.XOR: lambda top, next_: top ^ next_,
    op.SHL: lambda top, next_: (next_ << top) & _MOST if top < 256 else 0,
    op.SHR: lambda top, next_: next_ >> top if top < 256 else 0,
}
_TWO_IN_ONE_OUT = [_BINARY.get(number) for number in range(256)]
_GAS = [getattr(LondonComputation.opcodes.get(number), "gas_cost", 0) for number in range(256)]
_SHA3_WORD = 6


class Program(NamedTuple):
    """Code made ready: followed by STOPs, with the numbers that it pushes, and where it may be jumped to."""

    code: bytes
    pushed: Sequence[int]
    destinations: frozenset[int]


@lru_cache(_PROGRAMS_KEPT)
def program(code: bytes) -> Program:
    """Read code once for all the times it runs."""
    pushed, destinations = [0] * len(code), set()
    place = 0
    while place < len(code):
        operation = code[place]
        size = operation - op.PUSH1 + 1 if op.PUSH1 <= operation <= op.PUSH32 else 0
        if size:
            # What is missing at the end of the code counts as zeros.
            pushed[place] = int.from_bytes(code[place + 1 : place + 1 + size].ljust(size, b"\0"))
        elif operation == op.JUMPDEST:
            destinations.add(place)
        place += 1 + size
    return Program(code + bytes(34), pushed, frozenset(destinations))


class NumberStack(Stack):
    """Holds numbers only; py-evm's own keeps what was pushed as bytes so, and looks at each item that it takes."""

    def push_bytes(self, value: bytes) -> None:
        """Push what the bytes say as a number."""
        self.push_int(int.from_bytes(value))


class QuickCode(CodeStream):
    """The code of one computation."""

    def __init__(self, computation: BaseComputation, code: bytes) -> None:
        super().__init__(code)
        self._computation: Any = computation
        self._program = program(bytes(code))

    def is_valid_opcode(self, position: int) -> bool:
        """Tell whether a JUMPDEST stands there that is no part of a PUSH: jumps ask for nothing else."""
        return position in self._program.destinations

    def __iter__(self) -> Iterator[int]:  # noqa: C901 - a call for each operation would cost more than the operation
        """Do what is plain and give out the operations that are not."""
        code, pushed, destinations = self._program
        stack, meter = self._computation._stack.values, self._computation._gas_meter
        append, pop, gas_of, binaries = stack.append, stack.pop, _GAS, _TWO_IN_ONE_OUT
        while True:
            memory = self._computation._memory._bytes
            place, gas = self.program_counter, meter.gas_remaining
            try:
                while gas >= _DEAREST:
                    operation = code[place]
                    if operation >= op.PUSH1:
                        if operation <= op.PUSH32:
                            if len(stack) >= _FULL:
                                break
                            append(pushed[place])
                            place += operation - op.PUSH1 + 1
                        elif operation <= op.DUP16:
                            if len(stack) >= _FULL:
                                break
                            append(stack[op.DUP1 - 1 - operation])
                        elif operation <= op.SWAP16:
                            other = op.SWAP1 - 2 - operation
                            stack[-1], stack[other] = stack[other], stack[-1]
                        else:
                            break
                    elif (binary := binaries[operation]) is not None:
                        value = binary(stack[-1], stack[-2])
                        del stack[-1]
                        stack[-1] = value
                    elif operation == op.JUMPDEST:
                        pass
                    elif operation == op.POP:
                        pop()
                    elif operation == op.JUMPI:
                        target, condition = stack[-1], stack[-2]
                        if condition and target not in destinations:
                            break
                        del stack[-2:]
                        if condition:
                            place = target - 1
                    elif operation == op.JUMP:
                        if stack[-1] not in destinations:
                            break
                        place = pop() - 1
                    elif operation == op.ISZERO:
                        stack[-1] = 0 if stack[-1] else 1
                    elif operation == op.NOT:
                        stack[-1] ^= _MOST
                    elif operation == op.MSTORE:
                        start, value = stack[-1], stack[-2]
                        if start + 32 > len(memory):
                            break
                        memory[start : start + 32] = value.to_bytes(32)
                        del stack[-2:]
                    elif operation == op.MLOAD:
                        start = stack[-1]
                        if start + 32 > len(memory):
                            break
                        stack[-1] = int.from_bytes(memory[start : start + 32])
                    elif operation == op.SHA3:
                        start, size = stack[-1], stack[-2]
                        words = (size + 31) // 32 * _SHA3_WORD
                        if start + size > len(memory) or gas < gas_of[operation] + words:
                            break
                        gas -= words
                        del stack[-1]
                        stack[-1] = int.from_bytes(keccak(bytes(memory[start : start + size])))
                    else:
                        break
                    gas -= gas_of[operation]
                    place += 1
            except IndexError:
                pass  # too few on the stack: the same operation, done by py-evm, says so
            meter.gas_remaining = gas
            self.program_counter = place + 1
            yield code[place]


class QuickComputation(LondonComputation):
    """London's rules, the commonest operations quicker."""

    def __init__(self, state: StateAPI, message: MessageAPI, transaction_context: TransactionContextAPI) -> None:
        super().__init__(state, message, transaction_context)
        self._stack = NumberStack()
        self.code = QuickCode(self, message.code)
