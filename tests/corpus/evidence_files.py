"""Evidence files and trust roots in hostile hands: taken from, added to, mixed, replayed."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from ledger.deployed_contract import DeployedContract
from ledger.document_status import Status
from ledger.registries import NAMES
from tests.corpus.court import Court
from tests.corpus.ground import Ground
from tests.corpus.keys import ACTIVE, own
from tests.corpus.kind import EVIDENCE, NEVER_NO, UNKNOWN, YES, Attempt, Kind, fault, forgery
from verifier.axes import Usable
from verifier.evidence_file import EvidenceFile
from verifier.subject import Subject
from verifier.trust_roots import TrustRoots

MODES = (EVIDENCE,)
NOT_ACTIVE = frozenset(Usable) - {Usable.ACTIVE}


def _changed(change: Callable[[EvidenceFile, Random], EvidenceFile]) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        return Attempt(ground.genuine.serialize(), file=lambda file: change(file, random))

    return make


def _bytes(change: Callable[[bytes, Random], bytes]) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        return Attempt(ground.genuine.serialize(), data=lambda data: change(data, random))

    return make


def _roots(change: Callable[[TrustRoots, Random], TrustRoots]) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        return Attempt(ground.genuine.serialize(), roots=lambda roots: change(roots, random))

    return make


# --- nodes


def _node_removed(file: EvidenceFile, random: Random) -> EvidenceFile:
    place = random.randrange(len(file.nodes))
    return replace(file, nodes=(*file.nodes[:place], *file.nodes[place + 1 :]))


def _node_changed(file: EvidenceFile, random: Random) -> EvidenceFile:
    place = random.randrange(len(file.nodes))
    node = bytearray(file.nodes[place])
    node[random.randrange(len(node))] ^= 1 << random.randrange(8)
    return replace(file, nodes=tuple(sorted({*file.nodes[:place], bytes(node), *file.nodes[place + 1 :]})))


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


# --- bytes


def _flipped(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def _lengthened(data: bytes, random: Random) -> bytes:
    return random.choice((data + random.randbytes(random.randint(1, 40)), data + data, b"\0" + data))


def _spliced(data: bytes, random: Random) -> bytes:
    first, second = sorted(random.sample(range(len(data)), 2))
    return data[:first] + data[second:]


# --- roots


def _contract(
    change: Callable[[DeployedContract, Random], DeployedContract],
) -> Callable[[TrustRoots, Random], TrustRoots]:
    def apply(roots: TrustRoots, random: Random) -> TrustRoots:
        name = random.choice(
            [name for name in NAMES if name in ("DocumentRegistry", "IssuerRegistry", "AuthorityRegistry")]
        )
        pinned = roots.contracts[name]
        return replace(
            roots, contracts={**roots.contracts, name: replace(pinned, deployed=change(pinned.deployed, random))}
        )

    return apply


def _layout(roots: TrustRoots, random: Random) -> TrustRoots:
    name = random.choice(("DocumentRegistry", "IssuerRegistry", "AuthorityRegistry"))
    changed = replace(roots.contracts[name], layout_hash=random.randbytes(32))
    return replace(roots, contracts={**roots.contracts, name: changed})


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
    fault("file with a node removed", _changed(_node_removed), authentic=NEVER_NO, usable=NOT_ACTIVE, modes=MODES),
    fault("file with a node changed", _changed(_node_changed), authentic=NEVER_NO, usable=NOT_ACTIVE, modes=MODES),
    fault("file with nodes added", _changed(_nodes_added), authentic=YES, usable=ACTIVE, modes=MODES),
    fault("file without nodes", _changed(_nodes_gone), modes=MODES),
    fault("file with the nodes of before", _mixed("nodes"), modes=MODES),
    fault("file with the finality of before", _mixed("finality"), modes=MODES),
    fault("file of before a revocation, stale", _replayed(301, 10**7), authentic=YES, usable=NOT_ACTIVE, modes=MODES),
    fault("file with the record of another", _record_of_another, modes=MODES),
    forgery("file of another document", _another_presented, "anchoring.not-found", authentic=UNKNOWN, modes=MODES),
    fault("file of another chain", _changed(_another_chain), "anchoring.unreadable", modes=MODES),
    fault("file with hand-overs that are none", _changed(_hand_overs), authentic=YES, modes=MODES),
    fault("file that tells otherwise what nothing rests on", _changed(_told_otherwise), authentic=YES, modes=MODES),
    fault("file with a flipped bit", _bytes(_flipped), authentic=NEVER_NO, modes=MODES),
    fault("file cut off", _bytes(_cut), modes=MODES),
    fault("file lengthened", _bytes(_lengthened), modes=MODES),
    fault("file with a piece cut out", _bytes(_spliced), modes=MODES),
    fault(
        "roots with another address",
        _roots(_contract(lambda one, r: replace(one, address="0x" + "00" * 20))),
        modes=MODES,
    ),
    fault(
        "roots with another code",
        _roots(_contract(lambda one, r: replace(one, code_hash=r.randbytes(32)))),
        modes=MODES,
    ),
    fault("roots with another layout", _roots(_layout), modes=MODES),
    fault("roots of another chain", _roots(_chain_of_roots), modes=MODES),
    fault("roots with other members", _roots(_members), modes=MODES),
)
