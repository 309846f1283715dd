"""The manifest of a batch: what its leaves are of, so that the index can be rebuilt from chain and manifests.

Deterministic CBOR `{v: 1, chain: <chain id>, leaves: [[digest, issuer id, payload CID or null, leaf type], ...]}`,
leaves in the order of the tree. docs/payload.md has the exact form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from anchors.cid import Cid, cid_of
from ledger import deterministic_cbor, identifier
from ledger.errors import Invalid

MAX_LEAVES = 65_536
MAX_LEAVES_WITH_GATE = 4_096
"""Where a gate statement is among them: its path has to fit into a QR code."""

MAX_BYTES = 8 * 1024 * 1024
"""A manifest of 65,536 leaves with the longest ids has 7.1 MB."""

_VERSION = 1
_DIGEST_SIZE = 32


class LeafType(IntEnum):
    """What the digest of a leaf is: of an envelope's JWT, of a gate statement, or of a signed report's JWS."""

    ENVELOPE = 0
    GATE = 1
    REPORT = 2


@dataclass(frozen=True)
class Leaf:
    """One leaf: digest (32 bytes), issuer id, where the payload is, and what the digest is of.

    An envelope always has a payload, the others have none. The leaf of a gate statement stands directly after its
    document's, with the same issuer: nothing else says whose it is. Reports are in batches of their own; the issuer is
    the authority that signed.
    """

    digest: bytes
    issuer: str
    payload_cid: Cid | None
    leaf_type: int = LeafType.ENVELOPE


@dataclass(frozen=True)
class Manifest:
    """What a manifest says: the chain that it is for, and its leaves in the order of the tree."""

    chain_id: int
    leaves: tuple[Leaf, ...]


def encode(chain_id: int, leaves: Sequence[Leaf]) -> bytes:
    """Return the bytes of the manifest. Raises Invalid `manifest.*` for what `decode` would refuse."""
    _check(chain_id, leaves)
    rows = [[leaf.digest, leaf.issuer, _cid_bytes(leaf), int(leaf.leaf_type)] for leaf in leaves]
    return deterministic_cbor.encode({"v": _VERSION, "chain": chain_id, "leaves": rows})


def decode(data: bytes) -> Manifest:
    """Read a manifest in its one form.

    Raises Invalid: `manifest.too-large`, `manifest.form`, `manifest.version`, `manifest.chain`, `manifest.size`
    (no leaf, more than 65,536, or more than 4,096 with a gate statement), `manifest.leaf` (also a gate statement that
    does not stand after its document, or a report among documents), `manifest.duplicate` (a digest twice).
    """
    if len(data) > MAX_BYTES:
        raise _wrong("too-large", f"a manifest has at most {MAX_BYTES} bytes")
    content = deterministic_cbor.decode(data, "manifest")
    if not isinstance(content, dict) or content.keys() != {"v", "chain", "leaves"}:
        raise _wrong("form", "a manifest has v, chain and leaves")
    if type(content["v"]) is not int or content["v"] != _VERSION:
        raise _wrong("version", f"version {_VERSION} is the only one", "/v")
    if not isinstance(content["leaves"], list):
        raise _wrong("form", "leaves is not a list", "/leaves")
    leaves = tuple(_leaf(number, row) for number, row in enumerate(content["leaves"]))
    _check(content["chain"], leaves)
    return Manifest(content["chain"], leaves)


def manifest_digest(data: bytes) -> bytes:
    """Return the 32 bytes that stand on chain: the hash in the manifest's CID."""
    return cid_of(data).digest


def _check(chain_id: object, leaves: Sequence[Leaf]) -> None:
    if type(chain_id) is not int or not 0 < chain_id < 2**64:
        raise _wrong("chain", "the chain id is not an integer from 1 to 2^64-1", "/chain")
    if not 0 < len(leaves) <= MAX_LEAVES:
        raise _wrong("size", f"a batch has 1 to {MAX_LEAVES} leaves, not {len(leaves)}", "/leaves")
    if len(leaves) > MAX_LEAVES_WITH_GATE and any(leaf.leaf_type == LeafType.GATE for leaf in leaves):
        raise _wrong("size", f"a batch with a gate statement has at most {MAX_LEAVES_WITH_GATE} leaves", "/leaves")
    for number, leaf in enumerate(leaves):
        _check_leaf(number, leaf)
        if leaf.leaf_type == LeafType.GATE and not _is_document_of(leaves[number - 1] if number else None, leaf):
            raise _wrong("leaf", "a gate statement does not follow its document", f"/leaves/{number}/3")
    if len({leaf.leaf_type == LeafType.REPORT for leaf in leaves}) != 1:
        raise _wrong("leaf", "reports and documents are in one batch", "/leaves")
    if len({leaf.digest for leaf in leaves}) != len(leaves):
        raise _wrong("duplicate", "a digest stands twice in the batch", "/leaves")
    for issuer in {leaf.issuer for leaf in leaves}:
        _check_issuer(issuer)


def _check_leaf(number: int, leaf: Leaf) -> None:
    if not isinstance(leaf.digest, bytes) or len(leaf.digest) != _DIGEST_SIZE:
        raise _wrong("leaf", "the digest is not 32 bytes", f"/leaves/{number}/0")
    if type(leaf.leaf_type) not in (int, LeafType) or leaf.leaf_type not in tuple(LeafType):
        raise _wrong("leaf", "the leaf type is none of 0, 1 and 2", f"/leaves/{number}/3")
    if (leaf.payload_cid is None) is (leaf.leaf_type == LeafType.ENVELOPE):
        raise _wrong("leaf", "an envelope has a payload, nothing else has one", f"/leaves/{number}/2")


def _is_document_of(leaf: Leaf | None, gate: Leaf) -> bool:
    return leaf is not None and leaf.leaf_type == LeafType.ENVELOPE and leaf.issuer == gate.issuer


def _check_issuer(issuer: object) -> None:
    try:
        identifier.to_bytes32(issuer if isinstance(issuer, str) else "")
    except Invalid as error:
        raise _wrong("leaf", "an issuer is not an id", "/leaves") from error


def _leaf(number: int, row: Any) -> Leaf:
    if not isinstance(row, list) or len(row) != 4:
        raise _wrong("leaf", "a leaf has four members", f"/leaves/{number}")
    digest, issuer, cid, leaf_type = row
    if not isinstance(issuer, str) or not isinstance(cid, bytes | None):
        raise _wrong("leaf", "the issuer is not a text, or the CID not bytes", f"/leaves/{number}")
    try:
        return Leaf(digest, issuer, None if cid is None else Cid.from_bytes(cid), leaf_type)
    except Invalid as error:
        raise _wrong("leaf", "the payload's CID is none of ours", f"/leaves/{number}/2") from error


def _cid_bytes(leaf: Leaf) -> bytes | None:
    return None if leaf.payload_cid is None else bytes(leaf.payload_cid)


def _wrong(code: str, detail: str, pointer: str | None = None) -> Invalid:
    return Invalid(
        f"manifest.{code}", detail, mend="take the manifest whose CID is on the chain, unchanged", pointer=pointer
    )
