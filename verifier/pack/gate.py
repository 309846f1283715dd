"""The verifier of a device without a line: a pack for the registries, what came with the document for its anchor."""

import time
from collections.abc import Callable

from verifier.pack.anchored import Anchored, NotKnown
from verifier.pack.facts import PackFacts
from verifier.pack.hours import PackHours
from verifier.pack.opened import Pack
from verifier.pack.policy import pack_policy
from verifier.sources import HighestTime, Sources
from verifier.verify import Verifier


def at_the_gate(
    pack: Pack,
    anchored: Anchored | None = None,
    *,
    risk: str = "normal",
    clock: Callable[[], float] = time.time,
    highest_time: HighestTime | None = None,
) -> Verifier:
    """Return the verifier. risk: one of limits.RISKS. clock: the device's, seconds; highest_time: highest ever seen.

    Raises Invalid `pack.risk`.
    """
    found = anchored or NotKnown()
    seen = highest_time or HighestTime()
    seen.raised_to(pack.block.time)
    policy = pack_policy(pack.head.limits, risk)
    return Verifier(Sources(found, PackFacts(pack, found), seen, hours=PackHours(pack)), policy, clock)
