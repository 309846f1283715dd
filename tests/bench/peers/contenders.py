"""Print our contenders as the peers' runner takes them: `python -m tests.bench.peers.contenders > ours.json`."""

import json
import sys
from pathlib import Path
from typing import Any

_ROOT = str(Path(__file__).parents[3])
_BILLS = "{input}/bl-1000.ndjson"  # the runner puts its own folder in

_CASES = {
    "A.ours.ES256": ("prepare", _BILLS, "1000", "es256"),
    "A.ours.Ed25519": ("prepare", _BILLS, "1000", "ed25519"),
    "A.ours.ES256, sealed": ("prepare", _BILLS, "1000", "sealed"),
    "C.ours.anvil": ("verify", _BILLS, "200", "anvil"),
    "C.ours.clique": ("verify", _BILLS, "200", "clique"),
    "C.ours.embedded": ("verify", _BILLS, "200", "embedded"),
    "D.ours.embedded.block1s": ("chain", "embedded", "block1s", "1000"),
    "D.ours.embedded.seq": ("chain", "embedded", "seq", "5"),
    "D.ours.anvil.block1s": ("chain", "anvil", "block1s", "1000"),
    "D.ours.clique.block1s": ("chain", "clique", "block1s", "1000"),
    "E.merkle.ours 1M": ("merkle", "1000000"),
}


def contenders() -> list[dict[str, Any]]:
    """Return the entries, with this checkout's and this interpreter's paths."""
    return [
        {
            "id": name,
            "cmd": [sys.executable, "-m", f"tests.bench.peers.{module}", *arguments],
            "env": {"PYTHONPATH": _ROOT},
            "timeout": 240,
        }
        for name, (module, *arguments) in _CASES.items()
    ]


if __name__ == "__main__":
    print(json.dumps(contenders(), indent=1))
