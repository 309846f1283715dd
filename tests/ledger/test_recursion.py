import subprocess
import sys

import pytest
from eth import EVM_RECURSION_LIMIT

from ledger.recursion import LIMIT

NESTED = """
import json, sys, threading
import {module}
def read():
    try:
        json.loads("[" * 200_000)
    except RecursionError:
        print("refused", sys.getrecursionlimit())
read()
thread = threading.Thread(target=read)
thread.start()
thread.join()
"""


@pytest.mark.parametrize("module", ["ledger.chain", "ledger.embedded", "ledger.chain, ledger.embedded"])
def test_deep_nesting_never_ends_the_process(module: str) -> None:
    command = [sys.executable, "-c", NESTED.format(module=module)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"refused {LIMIT}\n" * 2), done.stderr


def test_the_virtual_machine_has_enough() -> None:
    assert LIMIT == EVM_RECURSION_LIMIT
