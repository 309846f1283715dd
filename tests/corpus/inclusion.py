"""What is wrong with the way from the document to the anchored root: swapped, cut, lengthened, of other trees."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from random import Random

from anchors.merkle import inclusion_path, leaf_hash, root
from ledger.envelope import Envelope
from tests.corpus.ground import Ground
from tests.corpus.kind import UNKNOWN, Attempt, Kind, fault, forgery
from tests.corpus.spoilt import beside_genuine, flipped
from verifier.record import Record

WRONG, PENDING, NOT_FOUND = "anchoring.path-wrong", "anchoring.pending", "anchoring.not-found"


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def _unanchored(change: Callable[[Ground, Envelope, Record, Random], Record]) -> Callable[[Ground, Random], Attempt]:
    """The issuer's own signature on what was never anchored, with a place made up for it."""

    def make(ground: Ground, random: Random) -> Attempt:
        made = ground.issue(ground.first)
        return Attempt(made.serialize(), record=lambda record: change(ground, made, record, random))

    return make


def _other_node(record: Record, random: Random) -> Record:
    place = random.randrange(len(record.path))
    changed = random.choice((random.randbytes(32), bytes(32), record.path[place - 1][::-1]))
    return replace(record, path=(*record.path[:place], changed, *record.path[place + 1 :]))


def _bit(record: Record, random: Random) -> Record:
    place = random.randrange(len(record.path))
    return replace(record, path=(*record.path[:place], flipped(record.path[place], random), *record.path[place + 1 :]))


def _shorter(record: Record, random: Random) -> Record:
    return replace(record, path=random.choice((record.path[1:], record.path[:-1], ())))


def _longer(record: Record, random: Random) -> Record:
    more = random.choice((random.randbytes(32), record.path[-1]))
    return replace(record, path=random.choice(((*record.path, more), (more, *record.path))))


def _turned(record: Record, _random: Random) -> Record:
    return replace(record, path=record.path[::-1] if len(record.path) > 1 else (record.path[0][::-1],))


def _other_index(record: Record, random: Random) -> Record:
    size = record.batch[1] if record.batch else 0
    return replace(record, index=random.choice([n for n in range(size + 2) if n != record.index] + [2**63]))


def _other_size(record: Record, random: Random) -> Record:
    assert record.batch
    name, size, manifest = record.batch
    other = random.choice([n for n in (0, 1, size - 1, size + 1, 2 * size, 2**63) if n != size])
    return replace(record, batch=(name, other, manifest))


def _other_manifest(record: Record, random: Random) -> Record:
    assert record.batch
    return replace(record, batch=(*record.batch[:2], random.randbytes(32)))


def _other_root(record: Record, random: Random) -> Record:
    assert record.batch
    return replace(record, batch=(random.randbytes(32), *record.batch[1:]))


def _of_another(ground: Ground, _random: Random) -> Attempt:
    """Two genuine documents of one batch, and the place of the one given for the other."""
    other = ground.other.digest
    return Attempt(ground.genuine.serialize(), record=lambda _: ground.world.records[other])


def _place_of_genuine(_ground: Ground, _made: Envelope, record: Record, _random: Random) -> Record:
    return record


def _root_of_itself(_ground: Ground, made: Envelope, record: Record, random: Random) -> Record:
    """A tree of its own in which it stands: only that nobody anchored its root."""
    assert record.batch
    leaves = [made.digest, *(random.randbytes(32) for _ in range(random.randrange(9)))]
    batch = (root(leaves), len(leaves), record.batch[2])
    return replace(record, batch=batch, index=0, path=inclusion_path(leaves, 0))


def _leaf_as_root(_ground: Ground, made: Envelope, record: Record, _random: Random) -> Record:
    assert record.batch
    return replace(record, batch=(leaf_hash(made.digest), 1, record.batch[2]), index=0, path=())


def _with_sibling_made(_ground: Ground, made: Envelope, record: Record, random: Random) -> Record:
    """The path that would lead from it to the root, if SHA-256 could be turned round; the best that one can do."""
    return replace(record, path=(leaf_hash(made.digest), *record.path[1:]), index=record.index ^ random.randrange(2))


def _inner_node(ground: Ground, random: Random) -> Attempt:
    """A second preimage: a leaf of the anchored tree is the bytes of an inner node, and the forged one below that."""
    made, sibling = ground.issue(ground.first), random.randbytes(32)
    leaves = [node(leaf_hash(made.digest), sibling), *(random.randbytes(32) for _ in range(3))]
    batch = (root(leaves), 2 * len(leaves), random.randbytes(32))
    path = (sibling, *inclusion_path(leaves, 0))
    return Attempt(
        made.serialize(),
        later=lambda then: then.anchor_batch(batch),
        record=lambda record: replace(record, batch=batch, index=0, path=path),
    )


def _odd_leaf(ground: Ground, random: Random) -> Attempt:
    """Bitcoin's way: in a tree of an odd number of leaves the last is its own sibling, so it stands there twice."""
    made = ground.anchor(ground.issue(ground.first))

    def place(record: Record) -> Record:
        assert record.batch
        name, size, manifest = record.batch
        return replace(
            record, path=(leaf_hash(made.digest), *record.path), index=size, batch=(name, size + 1, manifest)
        )

    return Attempt(made.serialize(), record=place)


def _doubled_leaves(ground: Ground, random: Random) -> Attempt:
    """A batch that was anchored as Bitcoin would: the last leaf doubled; its root is not that of RFC 9162."""
    made = ground.issue(ground.first)
    other = random.randbytes(32)
    pair = node(leaf_hash(made.digest), leaf_hash(made.digest))
    name = node(node(leaf_hash(other), leaf_hash(other)), pair)
    batch = (name, 3, random.randbytes(32))

    def later(ground_: Ground) -> None:
        ground_.anchor_batch(batch)

    def place(record: Record) -> Record:
        return replace(
            record, batch=batch, index=2, path=(leaf_hash(made.digest), node(leaf_hash(other), leaf_hash(other)))
        )

    return Attempt(made.serialize(), later=later, record=place)


KINDS: tuple[Kind, ...] = (
    fault("path with another node", beside_genuine("record", _other_node), WRONG),
    fault("path with a flipped bit", beside_genuine("record", _bit), WRONG),
    fault("path too short", beside_genuine("record", _shorter), WRONG),
    fault("path too long", beside_genuine("record", _longer), WRONG),
    fault("path turned round", beside_genuine("record", _turned), WRONG),
    fault("path with another index", beside_genuine("record", _other_index), WRONG),
    fault("root with another size", beside_genuine("record", _other_size), PENDING, WRONG, "anchoring.unreadable"),
    fault("root with another manifest", beside_genuine("record", _other_manifest), PENDING, "anchoring.unreadable"),
    fault("another root", beside_genuine("record", _other_root), PENDING, "anchoring.unreadable"),
    fault("path of another document", _of_another, WRONG),
    forgery("place of a genuine document", _unanchored(_place_of_genuine), WRONG, authentic=UNKNOWN),
    forgery(
        "tree of its own, not anchored",
        _unanchored(_root_of_itself),
        PENDING,
        "anchoring.unreadable",
        authentic=UNKNOWN,
    ),
    forgery("leaf as a root", _unanchored(_leaf_as_root), PENDING, "anchoring.unreadable", authentic=UNKNOWN),
    forgery("sibling made to fit", _unanchored(_with_sibling_made), WRONG, authentic=UNKNOWN),
    forgery("inner node as a leaf", _inner_node, WRONG, "anchoring.unreadable", authentic=UNKNOWN),
    fault("odd leaf as its own sibling", _odd_leaf, WRONG, PENDING, "anchoring.unreadable"),
    forgery(
        "odd leaves doubled in the anchored root", _doubled_leaves, WRONG, "anchoring.unreadable", authentic=UNKNOWN
    ),
)
