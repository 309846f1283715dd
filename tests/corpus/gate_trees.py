"""QR codes of trees that nobody anchored, or not so; and of anchored ones of every awkward size."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from anchors.gate_code import GateCode
from anchors.merkle import inclusion_path, leaf_hash, root
from tests.corpus.gate_codes import HOUR, PATH, TIMES
from tests.corpus.gate_pieces import Make, scanned
from tests.corpus.inclusion import node
from tests.corpus.keys import ACTIVE
from tests.corpus.kind import GATE, UNKNOWN, YES, Attempt, Kind, fault, forgery

SIZES = (1, 2, 3, 5, 7, 31, 32, 33, 63, 64, 65, 127, 1_023, 1_025, 2_049, 4_095, 4_096)


def _in_a_batch_of(sizes: tuple[int, ...]) -> Make:
    """In batches of every awkward size, the largest that may hold a statement among them."""

    def make(ground: Any, random: Random) -> Attempt:
        envelope = ground.issue(ground.first)
        size = random.choice(sizes)
        leaves = [random.randbytes(32) for _ in range(size)]
        leaves[random.choice((0, size // 2, size - 1))] = ground.statement(envelope).leaf
        ground.printer.put(leaves, ground.anchor_batch((root(leaves), size, random.randbytes(32))))
        return Attempt(envelope.serialize())

    return make


def _unanchored(change: Callable[[Any, GateCode, Random], GateCode]) -> Make:
    """The issuer's own signature on what was never anchored, with a place made up for it."""

    def make(ground: Any, random: Random) -> Attempt:
        statement = ground.statement(ground.issue(ground.first))
        return Attempt(ground.genuine.serialize(), scan=lambda then: change(then, then.code(statement), random).text())

    return make


def _place_of_genuine(_then: Any, code: GateCode, _random: Random) -> GateCode:
    return code


def _tree_of_its_own(_then: Any, code: GateCode, random: Random) -> GateCode:
    leaves = [code.statement.leaf, *(random.randbytes(32) for _ in range(random.randrange(9)))]
    return replace(code, index=0, size=len(leaves), path=inclusion_path(leaves, 0))


def _sibling_made(_then: Any, code: GateCode, random: Random) -> GateCode:
    """The best that one can do who cannot turn SHA-256 round."""
    return replace(code, path=(leaf_hash(code.statement.leaf), *code.path[1:]), index=code.index ^ random.randrange(2))


def _backdated(_then: Any, code: GateCode, random: Random) -> GateCode:
    return replace(code, anchored_at=code.anchored_at - random.randint(1, 3) * HOUR)


def _inner_node(ground: Any, random: Random) -> Attempt:
    """A second preimage: a leaf of the anchored tree is an inner node, and the forged statement below that."""
    statement, sibling = ground.statement(ground.issue(ground.first)), random.randbytes(32)
    leaves = [node(leaf_hash(statement.leaf), sibling), *(random.randbytes(32) for _ in range(3))]
    ground.printer.put(leaves, ground.anchor_batch((root(leaves), len(leaves), random.randbytes(32))))

    def scan(then: Any) -> str:
        place = then.printer.place(leaves[0])
        there = then.printer.code_at(statement, place)
        size = random.choice((len(leaves), 2 * len(leaves), len(leaves) + 1))
        return str(replace(there, size=size, path=(sibling, *place.path)).text())

    return Attempt(ground.genuine.serialize(), scan=scan)


def _odd_leaf(_then: Any, code: GateCode, _random: Random) -> str:
    """Bitcoin's way: the last of an odd number of leaves is its own sibling, so that it stands there twice."""
    path = (leaf_hash(code.statement.leaf), *code.path)
    return replace(code, index=code.size, size=code.size + 1, path=path).text()


def _doubled_leaves(ground: Any, random: Random) -> Attempt:
    """A batch that was anchored in Bitcoin's way: its root is not that of RFC 9162, in which no leaf stands twice."""
    statement, other = ground.statement(ground.issue(ground.first)), leaf_hash(random.randbytes(32))
    own = leaf_hash(statement.leaf)
    name = node(node(other, other), node(own, own))
    at = ground.anchor_batch((name, 3, random.randbytes(32)))

    def scan(then: Any) -> str:
        there = then.printer.code_in(statement, (name, 3, at))
        return str(replace(there, index=2, path=(own, node(other, other))).text())

    return Attempt(ground.genuine.serialize(), scan=scan)


def _forged(name: str, make: Make, *codes: str) -> Kind:
    return forgery(f"code {name}", make, *codes or (PATH,), authentic=UNKNOWN, modes=(GATE,))


KINDS: tuple[Kind, ...] = (
    fault(
        "code in a batch of any size",
        _in_a_batch_of(SIZES),
        "anchoring.final",
        authentic=YES,
        usable=ACTIVE,
        modes=(GATE,),
    ),
    _forged("in the place of a genuine one", _unanchored(_place_of_genuine)),
    _forged("in a tree of its own", _unanchored(_tree_of_its_own)),
    _forged("with a sibling made to fit", _unanchored(_sibling_made)),
    _forged("back-dated", _unanchored(_backdated), *TIMES),
    _forged("below a leaf that is an inner node", _inner_node),
    fault("code of an odd leaf as its own sibling", scanned(_odd_leaf), PATH, modes=(GATE,)),
    _forged("in an anchored root with its odd leaf doubled", _doubled_leaves),
)
