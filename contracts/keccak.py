"""Keccak-256 as the chain computes it; loaded without what else the Ethereum libraries bring along."""

import sys
from functools import lru_cache
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
_LONGEST_KEPT = 600
"""Bytes of the longest node of a trie."""


def keccak(data: bytes) -> bytes:
    """Return the hash, 32 bytes."""
    return kept(data) if len(data) <= _LONGEST_KEPT else _hash(data)


def _hash(data: bytes) -> bytes:
    digest: bytes = _keccak.new(data=data, digest_bits=256).digest()
    return digest


# Proofs of one chain share most of their nodes, slots and addresses; a hash takes 5 us, to find it 0.2. 7 MB at most.
kept = lru_cache(maxsize=8192)(_hash)
