"""A verifier that asks a node: its archive, and the chain through it."""

import time
from collections.abc import Callable

from anchors.archive import Archive
from ledger.chain import Chain
from ledger.finality.form import CHECKPOINT, Form
from ledger.registries import Registries
from verifier.cached_facts import CachedFacts
from verifier.node_archive import NodeArchive
from verifier.policy import DEFAULT, Policy
from verifier.registry_facts import RegistryFacts
from verifier.sources import Sources
from verifier.verify import Verifier


def online(
    archive: Archive,
    chain: Chain,
    registries: Registries,
    finality: Form = CHECKPOINT,
    *,
    policy: Policy = DEFAULT,
    clock: Callable[[], float] = time.time,
) -> Verifier:
    """Return the verifier of a running node; facts are kept per block.

    finality: the network's form, with its pinned signers. `clock`: the device's, seconds.
    """
    facts = CachedFacts(RegistryFacts(chain, registries, finality))
    return Verifier(Sources(NodeArchive(archive), facts), policy, clock)
