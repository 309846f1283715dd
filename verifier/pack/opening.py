"""Opening a pack: from bytes that anybody may have made to facts that are proved.

1. Read the head, and what it is of.
2. Take the content: whole, or added to the pack before.
3. Prove the block that it stands as of final, under the pinned roots or those that they handed over to.
4. Recompute every running hash, and compare it with the registry's in that block.
5. Check the signature, with a key that the content itself shows to be the customs' own.
"""

from collections.abc import Mapping
from hashlib import sha256

from contracts.keccak import keccak
from ledger.authority_codes import Purpose
from ledger.block import Block
from ledger.checkpoint import Checkpoint
from ledger.compact_jws import CompactJws, check_signature
from ledger.dated_list import code_at
from ledger.errors import Invalid, PortsealError, Refused
from ledger.finality.final_block import FinalBlock
from ledger.identifier import to_bytes32
from verifier.file_state import FileState
from verifier.hand_over import Followed
from verifier.pack import kinds
from verifier.pack.body import MAX_BYTES, expand, pack_body, read_body
from verifier.pack.content import Content, offers
from verifier.pack.file import PackFile, PackProof, read_proof
from verifier.pack.handing_over import as_of_pack, handed_over
from verifier.pack.head import PackHead, read_head
from verifier.pack.lists import PackLists, entry_of, word
from verifier.pack.opened import Pack
from verifier.pinned_finality import final_block
from verifier.trust_roots import TrustRoots

_AGAIN = "get the pack again from your own customs"
_NEWER = "give the device newer trust roots, from where they are trusted: `portseal gate trust`"


def open_pack(file: PackFile, roots: TrustRoots, by: str, base: Pack | None = None) -> Pack:
    """Return the pack. by: the customs whose packs are taken. base: the pack that a delta is added to.

    Raises Invalid `pack.*`, `finality.*`, Refused `pack.chain`, `pack.signer`, `pack.other-base`, Unavailable as
    FileState does.
    """
    # 1. Read the head.
    head, token = read_head(file.head)
    if (head.chain_id, head.genesis_hash) != (roots.chain_id, roots.genesis_hash):
        detail = (
            f"the pack is of the chain {head.chain_id}, the trust roots are of {roots.chain_id}, or of another start"
        )
        raise Refused("pack.chain", detail, mend="use the pack and the trust roots of one network")
    if head.by != by:
        detail = f"the pack is by {head.by}, this device takes those of {by}"
        raise Refused("pack.signer", detail, pointer="/by", mend=_AGAIN)
    # 2. Take the content.
    content = _content(file, head, base)
    # 3. Prove the block.
    proof = read_proof(file.proof, head.proof)
    followed = handed_over(roots, proof, content)
    block = _block(head, proof, followed)
    # 4. Recompute every running hash.
    _check_complete(content, head, stated_heads(roots, proof, block))
    # 5. Check the signature.
    _check_signer(content, head, token)
    return Pack(head, file.head, content, block, as_of_pack(followed.roots, proof, content))


def stated_heads(roots: TrustRoots, proof: PackProof, block: FinalBlock) -> Mapping[str, bytes]:
    """Return the running hashes of the registries in a final block, by kind. Raises Invalid, Unavailable."""
    if block.form == "checkpoint":
        # The members signed the heads themselves, and no node of the state is needed.
        stated = Checkpoint.from_claims(proof.finality["claims"]).heads
        return {kind: stated[kind].head for kind in kinds.KINDS if kind in stated}
    state = FileState(roots, {keccak(node): node for node in proof.nodes})
    at = Block(block.number, block.block_hash, bytes(32), block.time, block.state_root, ())
    return {kind: state.words(one.contract, at).words([one.head])[0] for kind, one in kinds.KINDS.items()}


def _content(file: PackFile, head: PackHead, base: Pack | None) -> Content:
    if head.size > MAX_BYTES:
        raise Invalid("pack.size", f"the content has more than {MAX_BYTES} bytes", pointer="/body/size", mend=_AGAIN)
    body = expand(file.body)
    if file.since is None:
        _check_body(body, head)
        return read_body(body)
    if base is None or base.hash != file.since:
        detail = "this is what was added to another pack than the one that is held here"
        raise Refused(
            "pack.other-base", detail, mend="fetch the changes since the pack that is held, or the whole pack"
        )
    content = base.content.extended(read_body(body), hours_from=head.hours[0])
    _check_body(pack_body(content), head)
    return content


def _check_body(body: bytes, head: PackHead) -> None:
    if (len(body), sha256(body).digest()) != (head.size, head.body):
        raise Invalid(
            "pack.damaged", "the content is not the one that the head was signed for", pointer="/body", mend=_AGAIN
        )


def _block(head: PackHead, proof: PackProof, followed: Followed) -> FinalBlock:
    try:
        block = final_block(followed.roots, proof.finality)
    except Invalid as error:
        if error.code != "finality.hand-over":
            raise
        why = f"; of its hand-overs one does not count: {followed.refused.detail}" if followed.refused else ""
        raise Invalid(error.code, error.detail + why, pointer="/proof", mend=_NEWER) from None
    if (block.number, block.block_hash, block.time) != (head.block.number, head.block.hash, head.block.time):
        detail = "the block that is proved final is not the one that the pack stands as of"
        raise Invalid("pack.block", detail, pointer="/block", mend=_AGAIN)
    return block


def _check_complete(content: Content, head: PackHead, stated: Mapping[str, bytes]) -> None:
    for kind, found in content.heads().items():
        if stated.get(kind) != found.head or head.counts[kind] != found.count:
            detail = (
                f"the changes of the kind {kind} are not all those of the registry, in their order and as they were"
            )
            raise Invalid("pack.incomplete", detail, pointer=f"/changes/{kind}", mend=_AGAIN)
    if not offers(content.changes).keys() <= {keccak(one) for one in content.terms}:
        raise Invalid("pack.incomplete", "the terms of a recognition are missing", pointer="/terms", mend=_AGAIN)
    since, until = head.hours
    if any(not since <= hour < until for hour in content.hours) or until * 3600 > head.block.time:
        raise Invalid(
            "pack.hours", "an hour is stated that was not over, or is not asked for", pointer="/hours", mend=_AGAIN
        )


def _check_signer(content: Content, head: PackHead, token: CompactJws) -> None:
    lists, time, name = PackLists(content), head.block.time, to_bytes32(head.by)
    keys = (one for one in content.keys if one.kid == token.kid)
    key = next(keys, None)
    rows = lists.rows(kinds.SERVICE_KEY, (1,), key.thumbprint) if key else ()
    entries = [entry_of(row) for row in rows]
    office = lists.rows(kinds.AUTHORITY, (0,), name)
    in_office = [
        lists.entries(kinds.AUTHORITY, (0,), name),
        lists.entries(kinds.MEMBER, (0,), word(office[0], 1)) if office else (),
    ]
    is_own = bool(entries) and word(rows[0], 0) == name and entries[0].detail == Purpose.ANSWERS
    if key is None or not is_own or not all(code_at(one, time) == 1 for one in (entries, *in_office)):
        detail = f"the key that signed is no key for answers of {head.by} that was in service at the pack's block"
        raise Refused("pack.signer", detail, pointer="/kid", mend=_AGAIN)
    try:
        check_signature(token, key, family="pack")
    except PortsealError:
        raise Refused("pack.signer", "the signature does not fit the head", pointer="/signature", mend=_AGAIN) from None
