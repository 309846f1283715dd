"""One deployed contract: reads at a block, writes as calls to be signed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.abi import Abi
from ledger.chain import Chain
from ledger.change_head import ChangeHead
from ledger.dated_list import Entry
from ledger.errors import Unavailable
from ledger.revert import Reverted
from ledger.transaction import Call
from ledger.transaction_receipt import Log


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract with this ABI at this address.

    Reads take `at`, a block number (None: the newest block). They raise Unavailable `chain.*`, and Refused
    `contract.*` where the contract refuses to answer.
    """

    chain: Chain
    address: str
    abi: Abi

    def read(self, name: str, *arguments: Any, at: int | None = None) -> Any:
        """Return what a view function returns: its value, or a tuple if it has several."""
        try:
            answer = self.chain.call(self.address, self.abi.encode(name, arguments), at=at)
        except Reverted as reverted:
            raise self.abi.explain(reverted) from None
        values = self.abi.decode(name, answer)
        return values[0] if len(values) == 1 else values

    def read_entries(self, name: str, *arguments: Any, at: int | None = None) -> tuple[Entry, ...]:
        """Return the dated list that a view function returns, oldest entry first."""
        return tuple(Entry(*entry) for entry in self.read(name, *arguments, at=at))

    def read_changes(self, kind: int, at: int | None = None) -> ChangeHead:
        """Return the change count and running hash of one kind of change."""
        count, head = self.read("changes", kind, at=at)
        return ChangeHead(count, head)

    def read_slots(self, places: Sequence[int], at: int | None = None) -> tuple[bytes, ...]:
        """Return the words in these storage slots, all at one block and in one request to a node elsewhere."""
        if self.chain.is_local or (len(places) == 1 and at is not None):
            number = self.chain.head().number if at is None else at
            return tuple(self.chain.storage(self.address, place, number) for place in places)
        if self.abi.has("slots"):
            return tuple(self.read("slots", [place.to_bytes(32) for place in places], at=at))
        # The oldest registries offer no such function (Slots.sol).
        found = self.chain.proof(self.address, places, at).slots
        if not found.keys() >= set(places):
            raise Unavailable("chain.answer", "the node leaves out slots that were asked for", mend="ask another node")
        return tuple(found[place].value for place in places)

    def events(self, name: str, from_block: int, to_block: int) -> Iterator[tuple[dict[str, Any], Log]]:
        """Yield the events of one name in a range of blocks, both ends included, with their fields."""
        for log in self.chain.logs(self.address, from_block, to_block, [self.abi.topic(name)]):
            yield self.abi.event(name, log), log

    def write(self, name: str, *arguments: Any) -> Call:
        """Return the call of a function that changes the contract's state."""
        return Call(self.address, self.abi.encode(name, arguments), self.abi)
