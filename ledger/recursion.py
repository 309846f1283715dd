"""Undoing a trap of a dependency: importing py_ecc lifts the interpreter's recursion limit to 100,000.

web3 and py-evm import it. With that limit, `json.loads` of some 80,000 nested brackets runs over the stack and kills
the process (measured on stacks of 8 MiB; 50,000 still raise RecursionError).
"""

import sys

import py_ecc  # noqa: F401 - so that its own setting comes before ours

LIMIT = 12_288
"""What 1,024 nested calls of the virtual machine need (`eth.EVM_RECURSION_LIMIT`), and no more."""


def limit_recursion() -> None:
    """Set the limit; whoever imports web3 or py-evm calls this."""
    sys.setrecursionlimit(LIMIT)
