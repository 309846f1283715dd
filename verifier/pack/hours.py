"""The roots of hours out of a pack, for which its signer stands."""

from ledger.block import Block
from verifier.hours import HourRoot
from verifier.pack.opened import Pack


class PackHours:
    """`Hours` of a device at the gate."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    def hour(self, number: int, block: Block) -> HourRoot | None:
        """Return the root of an hour; None for one without batches. Raises Unavailable `pack.hour`."""
        found = self._pack.hour(number)
        return HourRoot(*found, self._pack.proof, self._pack.head.by) if found else None
