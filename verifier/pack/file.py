"""A pack's file, whole or as a delta: the signed head, the proof of its block, and the content or what is new of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import Any

from anchors.cbor_items import check_items
from ledger.deterministic_cbor import decode, encode
from ledger.errors import Invalid
from verifier.evidence_form import MOST_ITEMS, MOST_NODES
from verifier.hand_over_file import MOST_HAND_OVERS, HandOver, are_hand_overs, plain
from verifier.pack.body import malformed

VERSION = 1
MAX_BYTES = 40 * 1024 * 1024
_LONGEST_HEAD = 128 * 1024
_LONGEST_NODE = 600


@dataclass(frozen=True, slots=True)
class PackProof:
    """That the block is final, and what its state says; packed as in an evidence file (docs/evidence.md).

    hand_overs: to those who may sign the block, oldest first; a checkpoint's roster is in the pack's lists. nodes: of
    the state, towards the running hashes; none where a checkpoint states them.
    """

    finality: Mapping[str, Any]
    hand_overs: tuple[HandOver, ...] = ()
    nodes: tuple[bytes, ...] = field(default=(), repr=False)

    def encode(self) -> bytes:
        """Return the bytes of which the head states the SHA-256."""
        hand_overs = plain(self.hand_overs)
        return encode({"finality": dict(self.finality), "hand_overs": hand_overs, "nodes": list(self.nodes)})


@dataclass(frozen=True, slots=True)
class PackFile:
    """since: the hash of the pack that a delta is added to; None for a whole one. body: packed by zlib."""

    head: str
    proof: bytes = field(repr=False)
    body: bytes = field(repr=False)
    since: bytes | None = None

    def encode(self) -> bytes:
        """Return the file's bytes."""
        return encode({"v": VERSION, "since": self.since, "head": self.head, "proof": self.proof, "body": self.body})


def read_file(data: bytes) -> PackFile:
    """Read a file, as far as its outermost form goes. Raises Invalid `pack.size`, `pack.form`, `pack.version`."""
    if len(data) > MAX_BYTES:
        mend = "get the pack again from your own customs"
        raise Invalid("pack.size", f"a pack has at most {MAX_BYTES} bytes", mend=mend)
    check_items(data, 16, "pack")
    found = decode(data, "pack")
    if isinstance(found, dict) and type(version := found.get("v")) is int and version != VERSION:
        detail = f"the pack is of version {version}, and this software reads version {VERSION}"
        raise Invalid("pack.version", detail, pointer="/v", mend="use a newer edition of Portseal")
    match found:
        case {"v": 1, "since": since, "head": str(head), "proof": bytes(proof), "body": bytes(body)} if len(found) == 5:
            if since is not None and not (isinstance(since, bytes) and len(since) == 32):
                raise malformed("/since", "32 bytes or nothing")
            if len(head) > _LONGEST_HEAD:
                raise malformed("/head", f"at most {_LONGEST_HEAD} characters")
            return PackFile(head, proof, body, since)
    raise malformed("", "v, since, head, proof and body")


def read_proof(data: bytes, stated: bytes) -> PackProof:
    """Read the proof that the head names. Raises Invalid `pack.damaged`, `pack.form`."""
    if sha256(data).digest() != stated:
        detail = "the proof is not the one that the head was signed for"
        raise Invalid("pack.damaged", detail, pointer="/proof", mend="get the pack again")
    check_items(data, MOST_ITEMS, "pack")
    match decode(data, "pack"):
        case {"finality": dict(finality), "hand_overs": hand_overs, "nodes": list(nodes)} as found if len(found) == 3:
            if not are_hand_overs(hand_overs):
                raise malformed("/proof/hand_overs", f"at most {MOST_HAND_OVERS} checkpoints or headers in a list")
            if len(nodes) > MOST_NODES or not all(map(_is_node, nodes)):
                raise malformed("/proof/nodes", f"at most {MOST_NODES} byte strings of at most {_LONGEST_NODE} bytes")
            if any(one >= next_ for one, next_ in pairwise(nodes)):
                raise malformed("/proof/nodes", "nodes in ascending order, each once")
            return PackProof(finality, tuple(hand_overs), tuple(nodes))
    raise malformed("/proof", "finality, hand_overs and nodes")


def _is_node(value: object) -> bool:
    return isinstance(value, bytes) and len(value) <= _LONGEST_NODE
