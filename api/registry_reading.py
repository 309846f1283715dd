"""What the pages about the registries read: each fact once for each state of its registry, whoever asks how often."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from api.as_of import AsOf
from verifier.fact_cache import FactCache

T = TypeVar("T")
KEPT = 20_000
"""Facts kept in all: what a consortium of a thousand issuers has, twice."""


@dataclass(frozen=True)
class Reading:
    """One registry at one block.

    Its change heads in that block name its state: every entry is hashed into them, the time of its recording included.
    """

    cache: FactCache
    state: Hashable
    moment: AsOf

    def __call__(self, read: Callable[..., T], *arguments: Hashable) -> T:
        """Return what `read` returns for the arguments at the block. Raises as it does."""
        return self.cache.get((self.state, read, arguments), lambda: read(*arguments, at=self.moment.block.number))

    def of_block(self, read: Callable[..., T]) -> T:
        """Return what `read` returns at the block, where that depends on the block's time too."""
        block = self.moment.block
        return self.cache.get((block.hash, read), lambda: read(at=block.number))


def reading(cache: FactCache, name: str, heads: Callable[[int], Hashable], moment: AsOf) -> Reading:
    """Return the registry `name` at the block of `moment`; `heads` returns its change heads at a block number."""
    block = moment.block
    return Reading(cache, cache.get((block.hash, name), lambda: heads(block.number)), moment)
