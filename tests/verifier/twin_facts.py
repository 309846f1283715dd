"""Facts asked for thrice: of the registries' own functions, of their storage, proved, and of what is kept of them.

All must say the same.
"""

from collections.abc import Callable
from typing import Any

from ledger.block import Block
from ledger.chain import Chain
from ledger.network import Network
from verifier.cached_facts import CachedFacts
from verifier.proved_state import ProvedState
from verifier.registry_facts import RegistryFacts
from verifier.storage_facts import StorageFacts


class TwinFacts:
    """`Facts` of RegistryFacts; whatever it answers, StorageFacts is asked too, at the same block.

    And so are facts that were kept in earlier blocks, for as long as the change heads stand.
    """

    def __init__(self, chain: Chain, network: Network) -> None:
        self._registry = RegistryFacts(chain, network.registries(chain), network.finality)
        self._chain, self._contracts = chain, network.contracts
        self._kept = CachedFacts(self._registry, state=self._registry.state, lasting=True)
        self._states: dict[bytes, ProvedState] = {}
        self._storage = StorageFacts(chain.head, self._words, self._registry.finality)

    def head(self) -> Block:
        return self._registry.head()

    def finality(self, *arguments: Any) -> Any:
        return self._registry.finality(*arguments)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def all_of_them(*arguments: Any) -> Any:
            answer = getattr(self._registry, name)(*arguments)
            for others in (self._storage, self._kept):
                assert getattr(others, name)(*arguments) == answer, (name, arguments)
            return answer

        return all_of_them

    def _words(self, contract: str, block: Block) -> Any:
        if block.hash not in self._states:
            self._states[block.hash] = ProvedState(block, self._contracts, self._chain.proof)
        return self._states[block.hash].words(contract, block)
