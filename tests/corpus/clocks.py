"""Dates that are stated, clocks that are off, questions about other times: none of it makes a document false.

What a clock that is off means to a device with a pack: tests/corpus/packs.py.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.corpus.ground import ANCHORED, HEAD, Ground
from tests.corpus.keys import ACTIVE, own
from tests.corpus.kind import ASKED, UNKNOWN, YES, Attempt, Kind, fault, forgery
from tests.corpus.pieces import anchored, signed
from verifier.axes import Usable

DAY = 86_400
NOT_KNOWN, PENDING, EXPIRED = (frozenset({one}) for one in (Usable.UNKNOWN, Usable.PENDING, Usable.EXPIRED))


def _clock(low: int, high: int) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        return Attempt(ground.genuine.serialize(), clock=random.randint(low, high))

    return make


def _asked(low: int, high: int) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        return Attempt(ground.genuine.serialize(), question={"at": random.randint(low, high)})

    return make


def _known(low: int, high: int) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        return Attempt(ground.genuine.serialize(), question={"known_at": random.randint(low, high)})

    return make


def _stated(**dates: tuple[int, int]) -> Callable[[Ground, Random], str]:
    """Signed by the issuer and anchored, with these dates."""

    def make(ground: Ground, random: Random) -> str:
        chosen: dict[str, Any] = {name: random.randint(*span) for name, span in dates.items()}
        fresh = ground.issue(ground.first)
        claims = {name: value for name, value in (fresh.claims | chosen).items() if value is not None}
        return anchored(ground, signed(ground.first.key, claims, *fresh.disclosures))

    return make


def _not_anchored(ground: Ground, random: Random) -> str:
    return ground.issue(own(ground, random), iat=random.choice((1_000, ground.world.now))).serialize()


def _backdated(ground: Ground, random: Random) -> str:
    """Signed now by whoever has the key, states a day on which it would have counted, and is anchored nowhere."""
    return ground.issue(ground.first, iat=random.randrange(1, ANCHORED - DAY)).serialize()


KINDS: tuple[Kind, ...] = (
    fault("clock a day ahead", _clock(DAY, DAY + 3600), "freshness.stale", authentic=YES, usable=NOT_KNOWN),
    fault("clock a day behind", _clock(-DAY - 3600, -DAY), "freshness.good", authentic=YES, usable=ACTIVE, modes=ASKED),
    fault("clock years ahead", _clock(10**8, 2**40), "freshness.stale", authentic=YES, usable=NOT_KNOWN),
    fault(
        "clock at the beginning of time",
        _clock(-HEAD, -HEAD + 1000),
        "freshness.good",
        authentic=YES,
        usable=ACTIVE,
        modes=ASKED,
    ),
    fault("evidence that is stale", _clock(301, DAY), "freshness.stale", authentic=YES, usable=NOT_KNOWN, modes=ASKED),
    fault("evidence that is just fresh", _clock(0, 300), "freshness.good", authentic=YES, usable=ACTIVE),
    fault("asked about before the anchor", _asked(0, ANCHORED - 1), "anchoring.later", usable=PENDING | EXPIRED),
    fault(
        "asked about the anchor's second", _asked(ANCHORED, ANCHORED), "anchoring.final", authentic=YES, usable=ACTIVE
    ),
    fault(
        "asked about what has not come",
        _asked(HEAD + 301, HEAD + 10**5),
        "freshness.future",
        authentic=YES,
        usable=NOT_KNOWN,
        modes=ASKED,
    ),
    fault("as known before the anchor", _known(0, ANCHORED - 1), "anchoring.later", usable=PENDING),
    fault("expired", _stated(exp=(1, HEAD)), "validity.expired", authentic=YES, usable=EXPIRED),
    fault("not to be used yet", _stated(nbf=(HEAD + 1, 2**53 - 1)), "validity.not-yet", authentic=YES, usable=PENDING),
    fault(
        "dated after its anchor",
        _stated(iat=(ANCHORED + 301, 2**53 - 1)),
        "validity.stated-later",
        authentic=YES,
        usable=ACTIVE,
    ),
    fault(
        "dated long before its anchor",
        _stated(iat=(0, ANCHORED - 10**6)),
        "validity.within",
        authentic=YES,
        usable=ACTIVE,
    ),
    fault("not anchored", _not_anchored, "anchoring.not-found", "anchoring.path-wrong"),
    forgery(
        "back-dated and not anchored", _backdated, "anchoring.not-found", "anchoring.path-wrong", authentic=UNKNOWN
    ),
)
