"""The manifest of an anchored batch, from whatever store has it: the chain says its hash, not its CID."""

from collections.abc import Callable

from anchors import merkle
from anchors.cid import Cid, Codec, cid_of
from anchors.manifest import decode
from anchors.rebuild.found_again import FoundBatch
from ledger.document_registry import Anchored
from ledger.errors import Invalid

Fetch = Callable[[Cid], bytes | None]
"""Gives the bytes that a CID names, None where no store has them whole."""


def search(fetch: Fetch, anchored: Anchored, chain_id: int) -> FoundBatch:
    """Return the manifest's leaves, which give the root that was anchored.

    Raises Invalid `manifest.missing` where no store has it, `manifest.root` if it is of another chain, root or size,
    `manifest.*` if it is none; Unavailable `store.*`.
    """
    for codec in (Codec.RAW, Codec.DAG_PB):
        cid = Cid(codec, anchored.manifest_digest)
        content = fetch(cid)
        if content is not None and cid_of(content) == cid:
            return _checked(content, cid, anchored, chain_id)
    raise Invalid("manifest.missing", "no store here has its manifest", mend="fetch it from another node's store")


def _checked(content: bytes, cid: Cid, anchored: Anchored, chain_id: int) -> FoundBatch:
    manifest = decode(content)
    root, size = merkle.root([leaf.digest for leaf in manifest.leaves]), len(manifest.leaves)
    if (manifest.chain_id, root, size) != (chain_id, anchored.root, anchored.size):
        detail = f"its manifest is for the chain {manifest.chain_id} and {size} leaves with the root {root.hex()}"
        raise Invalid("manifest.root", detail, mend="whoever anchored it has anchored nothing that can be proved")
    return FoundBatch(anchored.root, cid, manifest.leaves)
