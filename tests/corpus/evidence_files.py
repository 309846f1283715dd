"""Evidence files and trust roots in hostile hands: taken from, added to, mixed, replayed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from ledger.document_status import Status
from ledger.registry_names import AUTHORITIES, DOCUMENTS, ISSUERS
from tests.corpus.court import Court
from tests.corpus.ground import Ground
from tests.corpus.keys import ACTIVE, own
from tests.corpus.kind import EDGE, EVIDENCE, NEVER_NO, UNKNOWN, YES, Attempt, Kind, fault, forgery
from tests.corpus.spoilt import beside_genuine, cut, flipped, lengthened, spliced
from verifier.axes import Usable
from verifier.evidence_file import EvidenceFile
from verifier.subject import Subject
from verifier.trust_roots import PinnedContract, TrustRoots

MODES = (EVIDENCE, EDGE)
ALONE = (EVIDENCE,)
"""A pack knows what such a file does not."""
NOT_ACTIVE = frozenset(Usable) - {Usable.ACTIVE}


# --- nodes


def _node_removed(file: EvidenceFile, random: Random) -> EvidenceFile:
    place = random.randrange(len(file.nodes))
    return replace(file, nodes=(*file.nodes[:place], *file.nodes[place + 1 :]))


def _node_changed(file: EvidenceFile, random: Random) -> EvidenceFile:
    place = random.randrange(len(file.nodes))
    node = flipped(file.nodes[place], random)
    return replace(file, nodes=tuple(sorted({*file.nodes[:place], node, *file.nodes[place + 1 :]})))


def _nodes_added(file: EvidenceFile, random: Random) -> EvidenceFile:
    more = {random.randbytes(random.randint(1, 500)) for _ in range(random.randint(1, 20))}
    return replace(file, nodes=tuple(sorted({*file.nodes, *more})))


def _nodes_gone(file: EvidenceFile, _random: Random) -> EvidenceFile:
    return replace(file, nodes=())


# --- parts of another file


def _mixed(part: str) -> Callable[[Ground, Random], Attempt]:
    """A part of the evidence of the same document as it was before."""

    def make(ground: Ground, random: Random) -> Attempt:
        kept: list[EvidenceFile] = []

        def later(then: Ground) -> None:
            kept.append(_made_now(then, ground.genuine.serialize()))
            then.tick()
            then.status(then.second.name, random.randbytes(32), Status.REVOKED)

        def mix(file: EvidenceFile) -> EvidenceFile:
            return replace(file, **{part: getattr(kept[0], part)})

        return Attempt(ground.genuine.serialize(), later=later, file=mix)

    return make


def _made_now(ground: Ground, text: str) -> EvidenceFile:
    early = Court(ground)
    return early.made(Subject.presented(text), early.chain)


def _replayed(low: int, high: int) -> Callable[[Ground, Random], Attempt]:
    """Made before its revocation, shown so many seconds later."""

    def make(ground: Ground, random: Random) -> Attempt:
        issuer = own(ground, random)
        envelope = ground.anchor(ground.issue(issuer))
        kept: list[EvidenceFile] = []

        def later(then: Ground) -> None:
            kept.append(_made_now(then, envelope.serialize()))
            then.tick()
            then.status(issuer.name, envelope.digest, Status.REVOKED)

        return Attempt(envelope.serialize(), later=later, file=lambda _: kept[0], clock=random.randint(low, high))

    return make


def _record_of_another(ground: Ground, _random: Random) -> Attempt:
    other = ground.foreign.digest
    return Attempt(
        ground.genuine.serialize(),
        file=lambda file: replace(file, record=replace(ground.world.records[other], proof=None)),
    )


def _another_presented(ground: Ground, _random: Random) -> Attempt:
    """The file of one document, shown with another that is not registered."""
    genuine = ground.genuine
    fresh = ground.issue(ground.first)
    return Attempt(fresh.serialize(), file=lambda file: replace(file, digest=genuine.digest, envelope=None))


def _another_chain(file: EvidenceFile, random: Random) -> EvidenceFile:
    other: dict[str, Any] = random.choice(({"chain_id": file.chain_id + 1}, {"genesis_hash": random.randbytes(32)}))
    return replace(file, **other)


def _hand_overs(file: EvidenceFile, random: Random) -> EvidenceFile:
    return replace(file, hand_overs=tuple(random.randbytes(40) for _ in range(random.randint(1, 5))))


def _told_otherwise(file: EvidenceFile, random: Random) -> EvidenceFile:
    """What nothing rests on: when and by whom it was made, whose the document is said to be, where its payload is."""
    record = replace(
        file.record, issuer="cn.somebody", kind="certificate-of-origin", payload_cid=None, transaction=None
    )
    return replace(file, made_at=random.randrange(2**40), made_by="xx.nobody", record=record)


# --- roots


def _address(pinned: PinnedContract, _random: Random) -> PinnedContract:
    return replace(pinned, deployed=replace(pinned.deployed, address="0x" + "00" * 20))


def _code(pinned: PinnedContract, random: Random) -> PinnedContract:
    return replace(pinned, deployed=replace(pinned.deployed, code_hash=random.randbytes(32)))


def _layout(pinned: PinnedContract, random: Random) -> PinnedContract:
    return replace(pinned, layout_hash=random.randbytes(32))


def _contract(
    *changes: Callable[[PinnedContract, Random], PinnedContract],
    names: Sequence[str] = (DOCUMENTS, ISSUERS, AUTHORITIES),
) -> Callable[[Ground, Random], Attempt]:
    def apply(roots: TrustRoots, random: Random) -> TrustRoots:
        name = random.choice(names)
        changed = random.choice(changes)(roots.contracts[name], random)
        return replace(roots, contracts={**roots.contracts, name: changed})

    return beside_genuine("roots", apply)


def _chain_of_roots(roots: TrustRoots, random: Random) -> TrustRoots:
    other: dict[str, Any] = random.choice(({"chain_id": roots.chain_id + 1}, {"genesis_hash": random.randbytes(32)}))
    return replace(roots, **other)


def _members(roots: TrustRoots, random: Random) -> TrustRoots:
    """Members that had left, or authorities without the keys that signed."""
    finality: Any = roots.finality
    if random.random() < 0.5:
        return replace(roots, finality=replace(finality, members=dict.fromkeys(finality.members, ((0, 1),))))
    return replace(roots, finality=replace(finality, authorities=dict(list(finality.authorities.items())[:2])))


KINDS: tuple[Kind, ...] = (
    fault(
        "file with a node removed",
        beside_genuine("file", _node_removed),
        authentic=NEVER_NO,
        usable=NOT_ACTIVE,
        modes=ALONE,
    ),
    fault(
        "file with a node changed",
        beside_genuine("file", _node_changed),
        authentic=NEVER_NO,
        usable=NOT_ACTIVE,
        modes=ALONE,
    ),
    fault(
        "node removed from the file beside a pack",
        beside_genuine("file", _node_removed),
        authentic=NEVER_NO,
        modes=(EDGE,),
    ),
    fault(
        "node changed in the file beside a pack",
        beside_genuine("file", _node_changed),
        authentic=NEVER_NO,
        modes=(EDGE,),
    ),
    fault("file with nodes added", beside_genuine("file", _nodes_added), authentic=YES, usable=ACTIVE, modes=MODES),
    fault("file without nodes", beside_genuine("file", _nodes_gone), modes=MODES),
    fault("file with the nodes of before", _mixed("nodes"), modes=MODES),
    fault("file with the finality of before", _mixed("finality"), modes=MODES),
    fault("file of before a revocation, stale", _replayed(301, 10**7), authentic=YES, usable=NOT_ACTIVE, modes=MODES),
    fault("file with the record of another", _record_of_another, modes=MODES),
    forgery("file of another document", _another_presented, "anchoring.not-found", authentic=UNKNOWN, modes=MODES),
    fault("file of another chain", beside_genuine("file", _another_chain), "anchoring.unreadable", modes=MODES),
    fault("file with hand-overs that are none", beside_genuine("file", _hand_overs), authentic=YES, modes=MODES),
    fault(
        "file that tells otherwise what nothing rests on",
        beside_genuine("file", _told_otherwise),
        authentic=YES,
        modes=MODES,
    ),
    fault("file with a flipped bit", beside_genuine("data", flipped), authentic=NEVER_NO, modes=MODES),
    fault("file cut off", beside_genuine("data", cut), modes=MODES),
    fault("file lengthened", beside_genuine("data", lengthened), modes=MODES),
    fault("file with a piece cut out", beside_genuine("data", spliced), modes=MODES),
    fault("roots with another address", _contract(_address), modes=ALONE),
    fault("roots with another code", _contract(_code), modes=ALONE),
    fault("roots with another layout", _contract(_layout), modes=ALONE),
    # Of the other registries the members cosign what a pack says.
    fault(
        "roots with another document registry beside a pack",
        _contract(_address, _code, _layout, names=(DOCUMENTS,)),
        modes=(EDGE,),
    ),
    fault("roots of another chain", beside_genuine("roots", _chain_of_roots), modes=MODES),
    fault("roots with other members", beside_genuine("roots", _members), modes=MODES),
)
