"""A verifier that asks a node: its archive, and the chain through it."""

import time
from collections.abc import Callable, Sequence

from anchors.archive import Archive
from ledger.chain import Chain
from ledger.finality.form import CHECKPOINT, Form
from ledger.registries import Registries
from verifier.cached_facts import CachedFacts
from verifier.cross_checked import CrossCheckedFacts
from verifier.hours import Hours, NoHours
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
    witnesses: Sequence[Chain] = (),
    hours: Hours | None = None,
    only_node: bool = False,
    policy: Policy = DEFAULT,
    clock: Callable[[], float] = time.time,
) -> Verifier:
    """Return the verifier of a running node; facts are kept per block, with one node per state of the registries.

    finality: the network's form, with its pinned signers. witnesses: the nodes of the chain, each by itself; what one
    of them says otherwise is not known. hours: for QR codes by value. only_node: the chain has no other (ADR 99), and
    never replaces a block.
    `clock`: the device's, seconds.
    """
    told = RegistryFacts(chain, registries, finality)
    if len(witnesses) > 1:
        others = [RegistryFacts(one, registries.seen_through(one), finality) for one in witnesses]
        # In every block again: a witness that was away may be back.
        facts = CachedFacts(CrossCheckedFacts(told, others))
    else:
        facts = CachedFacts(told, state=told.state, lasting=only_node)
    sources = Sources(NodeArchive(archive), facts, hours=hours or NoHours(), only_node=only_node)
    return Verifier(sources, policy, clock)
