"""What a pack says, as plain data: all of it only ever grows, but for the hours that become too old."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contracts.keccak import keccak
from ledger.change_head import EMPTY, ChangeHead, extended
from ledger.jwk import PublicKey
from verifier.pack.kinds import KEY, KINDS, RECOGNITION, SERVICE_KEY

_WORD = 32
Hours = Mapping[int, tuple[bytes, int]]
"""Root and size of the tree over an hour's batches (anchors/hour_root.py), by hour: seconds since the epoch // 3600."""


@dataclass(frozen=True, slots=True)
class Content:
    """changes: by kind, in the chain's order, each the ABI encoding that the registry hashed.

    keys: document and service keys whose thumbprint is right. terms: the ABI encoding of agreed terms. hours: those
    that have batches.
    """

    changes: Mapping[str, Sequence[bytes]]
    keys: tuple[PublicKey, ...] = ()
    terms: tuple[bytes, ...] = ()
    hours: Hours = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each kind there are."""
        return {kind: len(self.changes.get(kind, ())) for kind in KINDS}

    def heads(self) -> dict[str, ChangeHead]:
        """Return count and running hash of each kind, recomputed."""
        return {kind: _head(self.changes.get(kind, ())) for kind in KINDS}

    def extended(self, *more: "Content", hours_from: int = 0) -> "Content":
        """Return what all say, one after the other, without the hours before `hours_from`."""
        every = (self, *more)
        hours = {hour: one.hours[hour] for one in every for hour in one.hours}
        return Content(
            changes={kind: [row for one in every for row in one.changes.get(kind, ())] for kind in KINDS},
            keys=tuple(key for one in every for key in one.keys),
            terms=tuple(terms for one in every for terms in one.terms),
            hours={hour: hours[hour] for hour in sorted(hours) if hour >= hours_from},
        )

    def after(self, counts: Mapping[str, int], hours_until: int) -> "Content":
        """Return what was added since there were so many changes, and no hours from `hours_until` on."""
        before = {kind: self.changes[kind][: counts[kind]] for kind in KINDS}
        known, agreed = thumbprints(before), offers(before)
        return Content(
            changes={kind: self.changes[kind][counts[kind] :] for kind in KINDS},
            keys=tuple(key for key in self.keys if key.thumbprint not in known),
            terms=tuple(terms for terms in self.terms if keccak(terms) not in agreed),
            hours={hour: one for hour, one in self.hours.items() if hour >= hours_until},
        )


def thumbprints(changes: Mapping[str, Sequence[bytes]]) -> dict[bytes, None]:
    """Return the thumbprints of all keys that the changes name, in order."""
    rows = [row for kind in (KEY, SERVICE_KEY) for row in changes.get(kind, ())]
    return dict.fromkeys(row[_WORD : 2 * _WORD] for row in rows)


def offers(changes: Mapping[str, Sequence[bytes]]) -> dict[bytes, None]:
    """Return the ids of all offers that directions were agreed by, in order; an end names none."""
    found = (row[3 * _WORD : 4 * _WORD] for row in changes.get(RECOGNITION, ()))
    return dict.fromkeys(one for one in found if any(one))


def _head(changes: Sequence[bytes]) -> ChangeHead:
    head = EMPTY
    for change in changes:
        head = extended(head, change)
    return head
