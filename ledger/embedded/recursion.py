"""Undoing a trap of a dependency: importing py_ecc lifts the interpreter's recursion limit to 100,000.

With that, `json.loads` of some 80,000 nested brackets runs over the stack and kills the process (measured on
stacks of 8 MiB; 50,000 still raise RecursionError).
"""

import sys

import py_ecc  # noqa: F401 - so that its own setting comes before ours
from eth import EVM_RECURSION_LIMIT


def limit_recursion() -> None:
    """Set the limit to what 1,024 nested calls of the virtual machine need, and no more."""
    sys.setrecursionlimit(EVM_RECURSION_LIMIT)
