"""One document among those of a consignment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from verifier.consignment.aspect import Aspect
from verifier.consignment.nature import Nature
from verifier.consignment.papers import READERS
from verifier.consignment.particular import Document, Particular

_ORDER = list(READERS)


@dataclass(frozen=True, slots=True)
class Paper:
    """`number`: its place among those presented. document: None if it could not be opened. withheld: its groups."""

    number: int
    kind: str
    document: Document | None
    nature: Nature
    withheld: tuple[str, ...] = ()

    def side(self, aspect: Aspect) -> "Side | None":
        """Return what it says of the aspect; None if it does not say anything, nor withholds it."""
        reader = READERS.get(self.kind, {}).get(aspect)
        if reader is None or self.document is None:
            return None
        if reader.group is not None and reader.group in self.withheld:
            return Side(self, aspect, reader.group, hidden=True)
        values = tuple(reader.read(self.document))
        return Side(self, aspect, reader.place, values) if values else None


@dataclass(frozen=True, slots=True)
class Side:
    """What one document says of an aspect. place: where its values stand, or the group that hides them."""

    paper: Paper
    aspect: Aspect
    place: str
    values: tuple[Particular, ...] = ()
    hidden: bool = False


def sides(papers: Sequence[Paper], aspect: Aspect) -> list[Side]:
    """Return what each document says of the aspect that says, or withholds, something; in the order of kinds."""
    ordered = sorted(papers, key=lambda paper: (_rank(paper.kind), paper.number))
    return [side for paper in ordered if (side := paper.side(aspect))]


def pairs(papers: Sequence[Paper], aspect: Aspect, other: Aspect | None = None) -> Iterator[tuple[Side, Side]]:
    """Yield every two documents of different kinds of which both say, or withhold, the aspect.

    With `other`: the first says the one, the second the other.
    """
    if other is None:
        found = combinations(sides(papers, aspect), 2)
        yield from ((one, two) for one, two in found if one.paper.kind != two.paper.kind)
    else:
        yield from ((one, two) for one in sides(papers, aspect) for two in sides(papers, other))


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
