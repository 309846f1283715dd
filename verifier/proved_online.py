"""A verifier that asks nodes and believes none: facts count by proofs, under a block that pinned roots make final.

A node that lies is found out, and another one is asked; where none proves what it says, nothing is known.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock

from anchors.finality import FinalityProof
from ledger.block import Block
from ledger.errors import PortsealError, Unavailable
from ledger.storage_words import StorageWords
from verifier.cached_facts import CachedFacts
from verifier.hours import NoHours
from verifier.policy import DEFAULT, Policy
from verifier.proved_head import ProvedHead
from verifier.proved_hours import ProvedHours, TellsHours
from verifier.proved_state import Prove, proved
from verifier.record import Record
from verifier.sources import Archive, HighestTime, Sources
from verifier.storage_facts import StorageFacts
from verifier.trust_roots import layout_hash
from verifier.verify import Verifier

_BLOCKS = 4
"""So many newest blocks keep the words that were proved under them."""


class ProvedWords:
    """The storage of the registries at final blocks, each word proved by one of the nodes, and then kept."""

    def __init__(self, head: ProvedHead, nodes: Sequence[Prove]) -> None:
        self._head, self._nodes = head, nodes
        self._kept: OrderedDict[tuple[bytes, str], StorageWords] = OrderedDict()
        self._lock = Lock()

    def words(self, contract: str, block: Block) -> StorageWords:
        """Return a registry's storage. Reading it raises Unavailable `chain.*`, `proof.*`, `trust.*`."""
        place = (block.hash, contract)
        with self._lock:
            if place not in self._kept:
                self._kept[place] = StorageWords(lambda slots: self._read(contract, block, slots))
                while len(self._kept) > _BLOCKS * len(self._head.roots.contracts):
                    self._kept.popitem(last=False)
            return self._kept[place]

    def _read(self, contract: str, block: Block, slots: Sequence[int]) -> list[bytes]:
        pinned = self._head.roots.contracts[contract]
        if layout_hash(contract) != pinned.layout_hash:
            detail = f"this software reads the storage of {contract} by another layout than the pinned one"
            raise Unavailable("trust.layout", detail, mend="use the edition of Portseal that the consortium runs")
        faults: list[PortsealError] = []
        for prove in self._nodes:
            try:
                found = proved(block, contract, pinned.deployed, slots, prove)
            except PortsealError as fault:
                faults.append(fault)
            else:
                return [found.slots[slot].value for slot in slots]
        # That one lies is worth more to know than that another is away.
        told = next((one for one in faults if one.code.startswith("proof.")), faults[0])
        raise Unavailable(told.code, told.detail, mend=told.mend)


class ProvedArchive:
    """An archive whose records rest on the proved head: how final it says that they are does not matter."""

    def __init__(self, archive: Archive, head: ProvedHead) -> None:
        self._archive, self._head = archive, head

    def find(self, digest: bytes) -> Record | None:
        """Return what is known about the document. Raises what the archive raises."""
        record, final = self._archive.find(digest), self._head.known
        return record and replace(record, proof=FinalityProof.of(final, {}) if final else None)


def proved_online(
    archive: Archive,
    head: ProvedHead,
    nodes: Sequence[Prove],
    *,
    told: TellsHours | None = None,
    policy: Policy = DEFAULT,
    clock: Callable[[], float] = time.time,
    highest_time: HighestTime | None = None,
) -> Verifier:
    """Return the verifier; what was proved is kept per block. nodes: each gives proofs (`Chain.proof`).

    told: the batches of hours as a node tells them, for QR codes by value; none are known without it.
    """
    facts = CachedFacts(StorageFacts(head.block, ProvedWords(head, nodes).words, head.finality))
    hours = ProvedHours(told, facts, head) if told else NoHours()
    sources = Sources(ProvedArchive(archive, head), facts, highest_time or HighestTime(), hours=hours)
    return Verifier(sources, policy, clock)
