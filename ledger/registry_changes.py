"""The changes of all registries of a network, read from their events by ranges of blocks."""

from collections.abc import Iterator, Mapping, Sequence

from ledger.chain import Chain
from ledger.change_kind import KINDS, ChangeKind
from ledger.contract import Contract
from ledger.errors import Unavailable
from ledger.registry_change import RegistryChange

_TOO_MUCH = ("chain.error", "chain.timeout", "chain.answer")
"""How a node says that it looks through no such range: in words of its own, by silence, by an answer too large."""


class RegistryChanges:
    """Reads what the `contracts`, by name, have told. Raises Unavailable `chain.*`."""

    def __init__(self, chain: Chain, contracts: Mapping[str, Contract]) -> None:
        self._chain = chain
        self._addresses = {name: contract.address for name, contract in contracts.items()}

    def between(self, first: int, last: int, kinds: Sequence[ChangeKind] = KINDS) -> tuple[RegistryChange, ...]:
        """Return the changes of these kinds in the blocks `first` to `last`, both included, in the chain's order.

        Nodes limit how many blocks or events they look through: a range that one does not take is asked for in halves.
        """
        by_contract = {kind.contract: [one.topic for one in kinds if one.contract == kind.contract] for kind in kinds}
        found = [
            change
            for contract, topics in by_contract.items()
            if contract in self._addresses
            for change in self._of(contract, topics, first, last)
        ]
        return tuple(sorted(found, key=lambda change: change.place))

    def _of(self, contract: str, topics: list[bytes], first: int, last: int) -> Iterator[RegistryChange]:
        try:
            logs = self._chain.logs(self._addresses[contract], first, last, [topics])
        except Unavailable as error:
            if error.code not in _TOO_MUCH or first >= last:
                raise
            middle = (first + last) // 2
            yield from self._of(contract, topics, first, middle)
            yield from self._of(contract, topics, middle + 1, last)
            return
        for log in logs:
            yield RegistryChange.of(contract, log)
