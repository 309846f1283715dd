"""Gate statements beside the documents of a ground, their places in batches, and the QR codes printed of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from anchors.gate_code import GateCode
from anchors.hour_places import place_in_hour
from anchors.hour_root import Triple, hour_of, path
from anchors.merkle import inclusion_paths, root
from ledger import gate_statement
from ledger.envelope import Envelope
from ledger.gate_statement import GateStatement
from ledger.private_key import PrivateKey


@dataclass(frozen=True)
class Place:
    """Of a leaf in its batch."""

    index: int
    path: tuple[bytes, ...]
    batch: Triple


class Printer:
    """hours: all batches of an hour, in the chain's order."""

    def __init__(self, hours: Callable[[int], Sequence[Triple]]) -> None:
        self._hours = hours
        self._signed: dict[bytes, tuple[Any, PrivateKey]] = {}
        self._statements: dict[bytes, GateStatement] = {}
        self._places: dict[bytes, Place] = {}
        self._alone: list[GateStatement] = []

    def issued(self, envelope: Envelope, stated: Any, signer: PrivateKey) -> None:
        """Take note of what a statement is made of."""
        self._signed[envelope.digest] = stated, signer

    def statement(self, envelope: Envelope) -> GateStatement:
        """Return the statement beside an envelope, always the same."""
        if envelope.digest not in self._statements:
            stated, signer = self._signed[envelope.digest]
            self._statements[envelope.digest] = gate_statement.issue(envelope, stated, signer)
        return self._statements[envelope.digest]

    def anchor(self, statement: GateStatement) -> GateStatement:
        """Have a statement in the batch, whatever it was made beside."""
        self._alone.append(statement)
        return statement

    def leaves(self, batch: Sequence[Envelope], random: Random) -> list[bytes]:
        """Return the leaves of the batch in any order, but each statement's directly after its document's."""
        groups = [[one.digest] for one in batch] + [[one.leaf] for one in self._alone]
        for group, envelope in zip(groups, batch, strict=False):
            if envelope.digest in self._signed:
                group.append(self.statement(envelope).leaf)
        groups += [[random.randbytes(32)] for _ in range(random.randrange(4))]
        random.shuffle(groups)
        return [leaf for group in groups for leaf in group]

    def put(self, leaves: Sequence[bytes], anchored_at: int) -> None:
        """Take note of where all leaves of an anchored batch are."""
        batch = Triple(root(leaves), len(leaves), anchored_at)
        for index, found in enumerate(inclusion_paths(leaves)):
            self._places.setdefault(leaves[index], Place(index, found, batch))

    def place(self, leaf: bytes) -> Place:
        return self._places[leaf]

    def code(self, statement: GateStatement, genuine: Envelope) -> GateCode:
        """Return the code once its hour is over; one that was anchored nowhere takes the place of a genuine one's."""
        return self.code_at(statement, self._places.get(statement.leaf) or self._places[self.statement(genuine).leaf])

    def code_at(self, statement: GateStatement, place: Place) -> GateCode:
        """Return a code that states a place, whoever is there."""
        return replace(self.code_in(statement, place.batch), index=place.index, path=place.path)

    def code_in(self, statement: GateStatement, batch: tuple[bytes, int, int]) -> GateCode:
        """Return a code that states a batch, without a path in it."""
        _, size, anchored_at = batch
        batches = self._hours(hour_of(anchored_at))
        index = place_in_hour(batches, batch)
        assert index is not None
        return GateCode(statement, 0, size, (), anchored_at, index, path(batches, index))
