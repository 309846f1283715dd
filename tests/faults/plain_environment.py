"""The environment for processes that tests start."""

import os
import sys
from pathlib import Path

_BYTECODE = Path(__file__).parents[2] / ".pytest_cache" / "bytecode"


def plain_environment() -> dict[str, str]:
    """Return the environment of somebody who has set nothing of ours."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PORTSEAL_")}
    if sys.dont_write_bytecode:
        # Where nothing is compiled beforehand, each of many starts would compile every library anew.
        plain.pop("PYTHONDONTWRITEBYTECODE", None)
        plain["PYTHONPYCACHEPREFIX"] = str(_BYTECODE)
    return plain
