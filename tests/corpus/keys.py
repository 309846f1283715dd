"""Whose key it is, and whether it counted in the anchor's block."""

from collections.abc import Callable
from random import Random

from ledger.authority import Purpose
from ledger.issuer_state import KeyState
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.corpus.ground import ANCHORED, HEAD, Ground, Issuer
from tests.corpus.kind import NEVER_YES, YES, Attempt, Kind, fault, forgery, printed
from tests.corpus.pieces import signed
from tests.hostile.forged_parts import decoded, encoded
from tests.verifier.world import START
from verifier.axes import Usable

RETIRED, SUSPENDED, COMPROMISED = "issuer.key-retired", "issuer.key-suspended", "issuer.key-compromised"
NOT_IN_FORCE, UNKNOWN_KEY, OF_ANOTHER = "issuer.key-not-in-force", "issuer.key-unknown", "issuer.key-of-another"
GOOD, WARNED = "issuer.key-good", "issuer.key-compromised-later"


def own(ground: Ground, random: Random) -> Issuer:
    return ground.issuer(random.choice((Algorithm.ES256, Algorithm.ED25519)))


def _before(happen: Callable[[Ground, Issuer, Random], object]) -> Callable[[Ground, Random], Attempt]:
    """It happens before the anchor, or in its very second; then the issuer, or a thief, signs and has it anchored."""

    def make(ground: Ground, random: Random) -> Attempt:
        issuer = own(ground, random)
        ground.upto()
        happen(ground, issuer, random)
        stated = random.choice((ground.world.now, START + 5, 1_000))
        return Attempt(ground.anchor(ground.issue(issuer, iat=stated)).serialize())

    return make


def _after(happen: Callable[[Ground, Issuer, Random], object]) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        issuer = own(ground, random)
        envelope = ground.anchor(ground.issue(issuer))
        return Attempt(envelope.serialize(), later=lambda then: happen(then, issuer, random))

    return make


def _retire(ground: Ground, issuer: Issuer, _random: Random) -> None:
    ground.change_key(issuer, KeyState.RETIRED)


def _suspend(ground: Ground, issuer: Issuer, _random: Random) -> None:
    ground.change_key(issuer, KeyState.SUSPENDED)


def _compromise(ground: Ground, issuer: Issuer, _random: Random) -> None:
    ground.compromise(issuer, ground.world.now)


def _compromise_back(ground: Ground, issuer: Issuer, random: Random) -> None:
    """Found out after the anchor: since a time at or before it."""
    ground.compromise(issuer, ground.anchored_at - random.choice((0, random.randrange(1, 60))))


def _compromise_earlier_still(ground: Ground, issuer: Issuer, random: Random) -> None:
    _compromise_since_later(ground, issuer, random)
    ground.tick()
    _compromise_back(ground, issuer, random)


def _compromise_since_later(ground: Ground, issuer: Issuer, random: Random) -> None:
    ground.compromise(issuer, random.randint(ground.anchored_at + 1, ground.world.now))


def _compromised_then_retired(ground: Ground, issuer: Issuer, random: Random) -> None:
    _compromise_since_later(ground, issuer, random)
    ground.tick()
    _retire(ground, issuer, random)


def _reinstate_over_compromise(ground: Ground, issuer: Issuer, random: Random) -> None:
    """A contract would refuse it; whoever reads the list must not be taken in."""
    _compromise(ground, issuer, random)
    ground.change_key(issuer, KeyState.ACTIVE)


def _term(since: tuple[int, int], until: tuple[int, int]) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        issuer = ground.issuer()
        key = PrivateKey.generate(Algorithm.ES256)
        ground.enter_key(issuer, key, random.randint(*since), random.randint(*until) if until[1] else 0)
        return Attempt(ground.anchor(ground.issue(issuer, key)).serialize())

    return make


def _suspended_meanwhile(ground: Ground, random: Random) -> Attempt:
    issuer = own(ground, random)
    for state in (KeyState.SUSPENDED, KeyState.ACTIVE):
        ground.world.now = min(ground.world.now + random.randrange(3), ANCHORED)
        ground.change_key(issuer, state)
    return Attempt(ground.anchor(ground.issue(issuer)).serialize())


def _added_later(ground: Ground, random: Random) -> Attempt:
    issuer, key = own(ground, random), ground.stranger()
    envelope = ground.anchor(ground.issue(issuer, key))
    return Attempt(envelope.serialize(), later=lambda then: then.enter_key(issuer, key))


def _stranger(ground: Ground, random: Random) -> str:
    envelope = ground.issue(ground.first, ground.stranger(), iat=random.choice((1_000, ground.world.now)))
    return (ground.anchor(envelope) if random.random() < 0.5 else envelope).serialize()


def _customs(ground: Ground, random: Random) -> str:
    """A key that the authorities' registry knows, for something else."""
    key = ground.service_key(random.choice((Purpose.ANSWERS, Purpose.CHECKPOINTS)))
    return ground.anchor(ground.issue(ground.first, key)).serialize()


def _anothers(ground: Ground, random: Random) -> str:
    """An accredited issuer signs with its own registered key, under its victim's name; anchored or not."""
    envelope = ground.issue(ground.first, random.choice((ground.second, own(ground, random))).key)
    return (ground.anchor(envelope) if random.random() < 0.5 else envelope).serialize()


def _kid_of_victim(ground: Ground, random: Random) -> str:
    """The victim's kid over a thief's signature."""
    key = ground.stranger()
    return signed(key, ground.genuine.claims, *ground.genuine.disclosures, kid=ground.first.key.public_key.kid)


def _kid_of_thief(ground: Ground, random: Random) -> str:
    """The victim's signature under a kid that its signature covers not: of another registered key."""
    head, claims, signature = ground.genuine.jwt.split(".")
    kid = ground.second.key.public_key.kid
    changed = f"{encoded(decoded(head) | {'kid': kid})}.{claims}.{signature}"
    return "~".join((changed, *ground.genuine.disclosures, ""))


ACTIVE = frozenset({Usable.ACTIVE})
KINDS: tuple[Kind, ...] = (
    *printed(
        forgery("key retired before the anchor", _before(_retire), RETIRED),
        forgery("key suspended before the anchor", _before(_suspend), SUSPENDED),
        forgery("key compromised before the anchor", _before(_compromise), COMPROMISED),
        forgery("compromise found out later", _after(_compromise_back), COMPROMISED),
        forgery("compromise moved earlier", _after(_compromise_earlier_still), COMPROMISED),
        forgery("key reinstated over a compromise", _before(_reinstate_over_compromise), COMPROMISED),
        forgery("key not yet in force", _term((ANCHORED + 1, HEAD + 100), (0, 0)), NOT_IN_FORCE),
        forgery("key whose term was over", _term((START, START + 50), (START + 51, ANCHORED)), NOT_IN_FORCE),
        forgery("key entered after the anchor", _added_later, NOT_IN_FORCE),
        forgery("key of nobody", _stranger, UNKNOWN_KEY, "issuer.unreadable", authentic=NEVER_YES),
        forgery("key of a customs", _customs, UNKNOWN_KEY, "issuer.unreadable", authentic=NEVER_YES),
        forgery("key of another issuer", _anothers, OF_ANOTHER, "issuer.unreadable", authentic=NEVER_YES),
        fault("key retired after the anchor", _after(_retire), GOOD, authentic=YES, usable=ACTIVE),
        fault("key suspended after the anchor", _after(_suspend), GOOD, authentic=YES, usable=ACTIVE),
        fault(
            "key compromised after the anchor", _after(_compromise_since_later), WARNED, authentic=YES, usable=ACTIVE
        ),
        fault("key compromised, then retired", _after(_compromised_then_retired), WARNED, authentic=YES, usable=ACTIVE),
        fault("key suspended and reinstated before", _suspended_meanwhile, GOOD, authentic=YES, usable=ACTIVE),
        fault(
            "key whose term ended after the anchor",
            _term((START, START + 50), (ANCHORED + 1, HEAD)),
            GOOD,
            authentic=YES,
        ),
    ),
    forgery("kid of the victim's key", _kid_of_victim, "integrity.signature"),
    forgery(
        "kid of another issuer's key",
        _kid_of_thief,
        OF_ANOTHER,
        "form.unreadable",
        "issuer.unreadable",
        authentic=NEVER_YES,
    ),
)
