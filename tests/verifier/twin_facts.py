"""Facts asked for twice: of the registries' own functions, and of their storage, proved. Both must say the same."""

from collections.abc import Callable
from typing import Any

from ledger.block import Block
from ledger.chain import Chain
from ledger.network import Network
from verifier.proved_state import ProvedState
from verifier.registry_facts import RegistryFacts
from verifier.storage_facts import StorageFacts


class TwinFacts:
    """`Facts` of RegistryFacts; whatever it answers, StorageFacts is asked too, at the same block."""

    def __init__(self, chain: Chain, network: Network) -> None:
        self._registry = RegistryFacts(chain, network.registries(chain), network.finality)
        self._chain, self._contracts = chain, network.contracts
        self._states: dict[bytes, ProvedState] = {}
        self._storage = StorageFacts(chain.head, self._words, self._registry.finality)

    def head(self) -> Block:
        return self._registry.head()

    def finality(self, *arguments: Any) -> Any:
        return self._registry.finality(*arguments)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def both(*arguments: Any) -> Any:
            answer = getattr(self._registry, name)(*arguments)
            assert getattr(self._storage, name)(*arguments) == answer, (name, arguments)
            return answer

        return both

    def _words(self, contract: str, block: Block) -> Any:
        if block.hash not in self._states:
            self._states[block.hash] = ProvedState(block, self._contracts, self._chain.proof)
        return self._states[block.hash].words(contract, block)
