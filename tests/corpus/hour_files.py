"""Inclusion files beside an edge pack: where a document stands in its batch and its hour. Nothing of it is signed."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from anchors.gate_code import GateCode
from anchors.inclusion import Inclusion
from anchors.merkle import inclusion_path, leaf_hash, root
from ledger.envelope import Envelope
from tests.corpus.gate_codes import CHANGES, in_company
from tests.corpus.gate_pieces import Make
from tests.corpus.keys import ACTIVE
from tests.corpus.kind import EDGE, UNKNOWN, YES, Attempt, Kind, fault, forgery

WRONG = ("anchoring.path-wrong", "anchoring.unreadable", "anchoring.pending", "anchoring.not-found")
Change = Callable[[Inclusion, Random], Inclusion]


def _genuine(change: Change) -> Make:
    def make(ground: Any, random: Random) -> Attempt:
        genuine = ground.genuine
        return Attempt(genuine.serialize(), inclusion=lambda then: change(_inclusion(then, genuine), random))

    return in_company(make)


def _unanchored(change: Change) -> Make:
    """The issuer's own signature on what was never anchored, with a place made up for it."""

    def make(ground: Any, random: Random) -> Attempt:
        made = ground.issue(ground.first)

        def place(then: Any) -> Inclusion:
            return change(replace(_inclusion(then, then.genuine), digest=made.digest), random)

        return Attempt(made.serialize(), inclusion=place)

    return in_company(make)


def _inclusion(then: Any, envelope: Envelope) -> Inclusion:
    place = then.printer.place(envelope.digest)
    code: GateCode = then.printer.code_at(then.statement(envelope), place)
    hour = (code.anchored_at, code.hour_index, code.hour_path)
    return Inclusion(envelope.digest, place.batch.root, code.size, code.index, code.path, *hour)


def _as_it_is(inclusion: Inclusion, _random: Random) -> Inclusion:
    return inclusion


def _another_root(inclusion: Inclusion, random: Random) -> Inclusion:
    return replace(inclusion, root=random.randbytes(32))


def _another_digest(inclusion: Inclusion, random: Random) -> Inclusion:
    return replace(inclusion, digest=random.randbytes(32))


def _tree_of_its_own(inclusion: Inclusion, random: Random) -> Inclusion:
    leaves = [inclusion.digest, *(random.randbytes(32) for _ in range(random.randrange(9)))]
    return replace(inclusion, root=root(leaves), index=0, size=len(leaves), path=inclusion_path(leaves, 0))


def _sibling_made(inclusion: Inclusion, random: Random) -> Inclusion:
    path = (leaf_hash(inclusion.digest), *inclusion.path[1:])
    return replace(inclusion, path=path, index=inclusion.index ^ random.randrange(2))


def _fault(name: str, change: Change) -> Kind:
    return fault(f"inclusion file {name}", _genuine(change), *WRONG, modes=(EDGE,))


def _forgery(name: str, change: Change) -> Kind:
    return forgery(f"inclusion file {name}", _unanchored(change), *WRONG, authentic=UNKNOWN, modes=(EDGE,))


KINDS: tuple[Kind, ...] = (
    fault(
        "inclusion file as it is",
        _genuine(_as_it_is),
        "anchoring.final",
        authentic=YES,
        usable=ACTIVE,
        modes=(EDGE,),
    ),
    *(_fault(name, change) for name, change in CHANGES.items()),
    _fault("with another root", _another_root),
    _fault("of another document", _another_digest),
    _forgery("of a genuine document", _as_it_is),
    _forgery("of a tree of its own", _tree_of_its_own),
    _forgery("with a sibling made to fit", _sibling_made),
)
