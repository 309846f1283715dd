"""Every change of one registry up to the newest block, complete by the registry's own heads."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from ledger.block import Block
from ledger.chain import Chain
from ledger.change_chain import EMPTY, check_complete
from ledger.change_head import ChangeHead
from ledger.change_kind import KINDS, ChangeKind
from ledger.contract import Contract
from ledger.errors import Invalid, Unavailable
from ledger.registry_change import RegistryChange
from ledger.registry_changes import RegistryChanges

_SPAN = 2048
Heads = Mapping[ChangeKind, ChangeHead]


@dataclass(frozen=True, slots=True)
class History:
    """All changes of a registry up to `block`, in the chain's order, and what its heads are there."""

    block: Block
    changes: tuple[RegistryChange, ...]
    heads: Heads


class RegistryHistory:
    """Keeps what it has read, about 1 kB for a change, and reads only what is new. Thread-safe."""

    def __init__(self, chain: Chain, contract: Contract, since: int) -> None:
        self._chain, self._contract, self._since = chain, contract, since
        self._kinds = tuple(kind for kind in KINDS if kind.contract == contract.abi.name)
        self._reader = RegistryChanges(chain, {contract.abi.name: contract})
        self._lock = threading.Lock()
        self._known: History | None = None

    def newest(self) -> History:
        """Return the history up to the newest block.

        Raises Unavailable `chain.*`; `chain.answer` if the node's events do not lead to the heads that it states.
        """
        with self._lock:
            head = self._chain.head()
            known = self._still_good(head)
            if known is None or known.block.hash != head.hash:
                known = self._read(known, head)
                self._known = known
            return known

    def _still_good(self, head: Block) -> History | None:
        known = self._known
        if known is None or known.block.number > head.number:
            return None
        block = self._chain.block(known.block.number)
        return known if block and block.hash == known.block.hash else None

    def _read(self, known: History | None, head: Block) -> History:
        first = known.block.number + 1 if known else self._since
        added: list[RegistryChange] = []
        for begin in range(first, head.number + 1, _SPAN):
            added += self._reader.between(begin, min(begin + _SPAN - 1, head.number), self._kinds)
        heads = {kind: self._contract.read_changes(kind.change, head.number) for kind in self._kinds}
        self._check(known.heads if known else {}, added, heads)
        return History(head, (*(known.changes if known else ()), *added), heads)

    def _check(self, before: Heads, added: list[RegistryChange], heads: Heads) -> None:
        try:
            for kind, head in heads.items():
                changes = [change for change in added if change.kind == kind]
                check_complete(changes, head, since=before.get(kind, EMPTY))
        except Invalid as error:
            detail = f"the node's events are not all that {self._contract.abi.name} has told ({error.code})"
            raise Unavailable("chain.answer", detail, mend="ask another node; this one may be catching up") from None
