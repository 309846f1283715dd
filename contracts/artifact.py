"""One compiled contract, as scripts/compile wrote it to contracts/artifacts."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "artifacts"


@dataclass(frozen=True)
class Artifact:
    """A contract's ABI and code.

    bytecode: what creates it, before the encoded arguments of the constructor.
    runtime: what stands on the chain, with zeros where the constructor fills in immutable values.
    immutables: (start, length) in bytes of every such place.
    storage_layout: solc's `storageLayout`; contracts.layout reads it.
    compiler: version, evmVersion, optimizer, settingsSha256, sourcesSha256 by path.
    """

    name: str
    abi: list[dict[str, Any]]
    bytecode: bytes
    runtime: bytes
    immutables: tuple[tuple[int, int], ...]
    storage_layout: dict[str, Any]
    compiler: dict[str, Any]


@functools.cache
def artifact(name: str) -> Artifact:
    """Return the artifact of that contract (`DocumentRegistry`). Raises KeyError if there is none."""
    file = _FOLDER / f"{name}.json"
    if not name.isidentifier() or not file.is_file():
        raise KeyError(f"there is no contract {name!r}")
    members = json.loads(file.read_text("ascii"))
    references = members["immutableReferences"].values()
    return Artifact(
        name=members["name"],
        abi=members["abi"],
        bytecode=bytes.fromhex(members["bytecode"][2:]),
        runtime=bytes.fromhex(members["deployedBytecode"][2:]),
        immutables=tuple(sorted((at["start"], at["length"]) for places in references for at in places)),
        storage_layout=members["storageLayout"],
        compiler=members["compiler"],
    )


def runtime_matches(expected: Artifact, code: bytes) -> bool:
    """Tell whether `code`, as read from a chain, is this contract's, whatever its immutable values are."""
    return len(code) == len(expected.runtime) and _masked(code, expected) == _masked(expected.runtime, expected)


def _masked(code: bytes, expected: Artifact) -> bytes:
    masked = bytearray(code)
    for start, length in expected.immutables:
        masked[start : start + length] = bytes(length)
    return bytes(masked)
