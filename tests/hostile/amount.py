"""How much hostile input a run throws: a taste by default, everything with PORTSEAL_LONG=1."""

import os


def amount(default: int, long: int) -> int:
    return long if os.environ.get("PORTSEAL_LONG") == "1" else default
