"""Values and paths in the state's tries, straight from the database: a node is decoded once, not for each question."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import rlp
from eth_hash.auto import keccak
from trie.hexary import HexaryTrie

from ledger.embedded.committed_file import CommittedFile

NodeOf = Callable[[bytes], tuple[bytes, Any]]
"""Returns a node as it is kept and what it decodes to, by its hash; nothing for the root of an empty trie."""

NODES_KEPT = 16_384
"""Some 30 MB; a node is named by its hash, so what is kept never gets old."""

EMPTY_ROOT = HexaryTrie.BLANK_NODE_HASH
_BRANCH = 17
_ODD, _LEAF = 1, 2  # flags before the nibbles of the shorter nodes (yellow paper, appendix C)


class TrieReader:
    """Reads Merkle-Patricia tries of which every node is committed; any number of threads.

    Raises KeyError for a node that is missing, RLPException or ValueError for one that is none.
    """

    def __init__(self, database: CommittedFile) -> None:
        self._database = database
        self._node = lru_cache(NODES_KEPT)(self._read)

    def value(self, root: bytes, key: bytes) -> bytes:
        """Return what stands under a key, which is hashed; nothing if nothing does."""
        return self.path(root, key)[0]

    def path(self, root: bytes, key: bytes) -> tuple[bytes, list[bytes]]:
        """Return what stands under a key, and the nodes from the root towards it: its proof (EIP-1186)."""
        return descend(self._node, root, keccak(key))

    def _read(self, node_hash: bytes) -> tuple[bytes, Any]:
        if node_hash == EMPTY_ROOT:
            return b"", b""
        encoded = self._database.get(node_hash)
        if encoded is None:
            raise KeyError(node_hash)
        return encoded, decoded(encoded)


def descend(node_of: NodeOf, root: bytes, key: bytes) -> tuple[bytes, list[bytes]]:
    """Return what stands under a key, and the nodes on the way; all keys of the trie must be of one length.

    A node of less than 32 bytes stands inside its parent and is not among them.
    """
    nibbles = key.hex()
    encoded, node = node_of(root)
    walked = [encoded] if node else []
    while node:
        if len(node) == _BRANCH:
            below, nibbles = node[int(nibbles[0], 16)], nibbles[1:]
        else:
            flag, prefix = _prefix(node[0])
            if not nibbles.startswith(prefix):
                break
            below, nibbles = node[1], nibbles[len(prefix) :]
            if flag & _LEAF:
                return (b"" if nibbles else below), walked
        if len(below) == len(root):
            encoded, node = node_of(below)
            walked.append(encoded)
        else:
            node = below
    return b"", walked


def decoded(encoded: bytes) -> Any:
    """Return a node. Raises RLPException, ValueError."""
    node = rlp.decode(encoded)
    if len(node) not in (2, _BRANCH):
        raise ValueError("not a node of a trie")
    return node


@lru_cache(65_536)
def _prefix(encoded: bytes) -> tuple[int, str]:
    flag = encoded[0] >> 4
    return flag, encoded.hex()[1 if flag & _ODD else 2 :]
