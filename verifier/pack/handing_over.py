"""Who may sign, out of a pack's own lists: its hand-overs are checkpoints alone, without nodes of the state.

A checkpoint states how many members, authorities and service keys there were, and their running hash. What a pack lists
up to there is the registry's own if it leads to that hash.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ledger.authority_codes import Purpose
from ledger.change_head import EMPTY, ChangeHead, extended
from ledger.checkpoint import Checkpoint
from ledger.country import from_bytes2
from ledger.errors import Invalid
from ledger.finality.final_block import FinalBlock
from ledger.identifier import from_bytes32
from ledger.jwk import PublicKey
from ledger.roster import AuthorityFacts, RosterFacts
from verifier.hand_over import Followed, follow_by
from verifier.hand_over_file import HandOver
from verifier.pack.content import Content
from verifier.pack.file import PackProof
from verifier.pack.kinds import AUTHORITY, MEMBER, SERVICE_KEY
from verifier.pack.lists import PackLists
from verifier.pinned_roster import PinnedRoster, pinned_of
from verifier.trust_roots import TrustRoots

_SAYING = (MEMBER, AUTHORITY, SERVICE_KEY)
_Heads = Mapping[str, Sequence[ChangeHead]]


def handed_over(roots: TrustRoots, proof: PackProof, content: Content) -> Followed:
    """Follow the pack's hand-overs from the roots that are trusted."""
    return _followed(roots, proof.hand_overs, content)


def as_of_pack(roots: TrustRoots, proof: PackProof, content: Content) -> TrustRoots:
    """Return who may sign from the pack's own block on, if the roots make that block final; else the roots."""
    own = proof.finality.get("header", proof.finality)
    return _followed(roots, (own,), content).roots


def _followed(roots: TrustRoots, hand_overs: Sequence[HandOver], content: Content) -> Followed:
    heads: dict[str, list[ChangeHead]] = {}
    if isinstance(roots.finality, PinnedRoster) and hand_overs:
        heads = {kind: _running(content.changes.get(kind, ())) for kind in _SAYING}
    return follow_by(roots, hand_overs, partial(_roster, content, heads))


def _running(changes: Sequence[bytes]) -> list[ChangeHead]:
    heads = [EMPTY]
    for change in changes:
        heads.append(extended(heads[-1], change))
    return heads


def _roster(
    content: Content, heads: _Heads, _roots: TrustRoots, _block: FinalBlock, link: Mapping[str, Any]
) -> PinnedRoster:
    stated = Checkpoint.from_claims(link["claims"]).heads
    changes = {kind: _up_to(content.changes.get(kind, ()), heads[kind], stated.get(kind)) for kind in _SAYING}
    return pinned_of(_facts(Content(changes, content.keys)))


def _up_to(changes: Sequence[bytes], heads: Sequence[ChangeHead], stated: ChangeHead | None) -> Sequence[bytes]:
    if stated is None or stated.count >= len(heads) or heads[stated.count] != stated:
        detail = "the pack does not list what the checkpoint states of members, authorities or their keys"
        raise Invalid("finality.hand-over", detail, mend="get the pack again from your own customs")
    return changes[: stated.count]


def _facts(content: Content) -> RosterFacts:
    lists = PackLists(content)
    keys: defaultdict[bytes, list[PublicKey]] = defaultdict(list)
    known = {key.thumbprint: key for key in content.keys}
    for name, thumbprint in dict.fromkeys(lists.words(SERVICE_KEY, 0, 1)):
        # A key that was registered under another thumbprint is nobody's; one authority's must not stop the others.
        if thumbprint in known and lists.entries(SERVICE_KEY, (1,), thumbprint)[0].detail == Purpose.CHECKPOINTS:
            keys[name].append(known[thumbprint])
    # An authority is of the country that it was first entered with.
    authorities = {words[0]: words[1] for words in reversed(lists.words(AUTHORITY, 0, 1))}
    return RosterFacts(
        members={from_bytes2(word[:2]): lists.entries(MEMBER, (0,), word) for [word] in lists.words(MEMBER, 0)},
        authorities={
            from_bytes32(name): AuthorityFacts(
                from_bytes2(country[:2]),
                lists.entries(AUTHORITY, (0,), name),
                tuple((key, lists.entries(SERVICE_KEY, (1,), key.thumbprint)) for key in keys[name]),
            )
            for name, country in authorities.items()
        },
    )
