"""Keccak-256 as the chain computes it; loaded without what else the Ethereum libraries bring along."""

import sys
from types import ModuleType
from typing import Any


def _load() -> ModuleType:
    """Import the library so that it declares its functions by ctypes: by cffi a parser of C is loaded first.

    That takes a tenth of the time of `portseal verify --offline`; hashing takes as long either way.
    """
    modules: dict[str, Any] = sys.modules
    was_there, cffi = "cffi" in modules, modules.get("cffi")
    modules["cffi"] = None
    try:
        from Crypto.Hash import keccak as found
    finally:
        del modules["cffi"]
        if was_there:
            modules["cffi"] = cffi
    return found


_keccak = _load()


def keccak(data: bytes) -> bytes:
    """Return the hash, 32 bytes."""
    digest: bytes = _keccak.new(data=data, digest_bits=256).digest()
    return digest
