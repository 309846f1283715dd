"""Whether an unbroken chain of accreditations covered the issuer in the anchor's block (design §7, rule 2)."""

from collections.abc import Callable
from random import Random

from ledger.issuer_state import IssuerState, Limit
from tests.corpus.ground import ANCHORED, HEAD, Ground, Issuer
from tests.corpus.keys import ACTIVE
from tests.corpus.kind import YES, Attempt, Kind, fault, forgery, printed
from tests.verifier.world import AEO, AUTHORITY, BILL, CERTIFICATE, START

GOOD = "issuer.accredited"
Happen = Callable[[Ground, Issuer, Issuer, str], object]
"""What becomes of an issuer, of the body above it, or of the authority above both."""


def _chain(ground: Ground, country: str, *, leaves: bool) -> tuple[Issuer, Issuer, str]:
    """An issuer under a body under an authority, of a country that may be its own."""
    authority = ground.authority(country, leaves=leaves)
    body = ground.body(above=authority)
    return ground.issuer(above=body.name), body, authority


def _country(random: Random) -> str:
    """No member of the four that cosign: leaving is not to touch finality."""
    return random.choice("ABDEFGH") + random.choice("ABCDEFGHIJKLMNOPQRTUVWXYZ")


def _before(happen: Happen) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        issuer, body, authority = _chain(ground, _country(random), leaves=happen in (_authority_left, _country_left))
        ground.upto()
        happen(ground, issuer, body, authority)
        stated = random.choice((ground.world.now, 1_000))
        return Attempt(ground.anchor(ground.issue(issuer, iat=stated)).serialize())

    return make


def _after(happen: Happen) -> Callable[[Ground, Random], Attempt]:
    def make(ground: Ground, random: Random) -> Attempt:
        issuer, body, authority = _chain(ground, _country(random), leaves=happen in (_authority_left, _country_left))
        envelope = ground.anchor(ground.issue(issuer))
        return Attempt(envelope.serialize(), later=lambda then: happen(then, issuer, body, authority))

    return make


def _issuer_suspended(ground: Ground, issuer: Issuer, _body: Issuer, _authority: str) -> None:
    ground.change_issuer(issuer, IssuerState.SUSPENDED)


def _body_suspended(ground: Ground, _issuer: Issuer, body: Issuer, _authority: str) -> None:
    ground.change_issuer(body, IssuerState.SUSPENDED)


def _accreditation_ended(ground: Ground, issuer: Issuer, _body: Issuer, _authority: str) -> None:
    ground.end_accreditation(issuer)


def _body_lost_the_kind(ground: Ground, _issuer: Issuer, body: Issuer, _authority: str) -> None:
    ground.end_accreditation(body)


def _body_ended(ground: Ground, _issuer: Issuer, body: Issuer, _authority: str) -> None:
    ground.end_body(body)


def _authority_left(ground: Ground, _issuer: Issuer, _body: Issuer, authority: str) -> None:
    ground.end_authority(authority)


def _country_left(ground: Ground, _issuer: Issuer, _body: Issuer, authority: str) -> None:
    ground.end_member_of(authority)


def _other_kind(ground: Ground, random: Random) -> str:
    """Accredited, and not for what it issues."""
    issuer = ground.issuer(kinds=random.choice(((AEO,), (CERTIFICATE, AEO), ())))
    return ground.anchor(ground.issue(issuer)).serialize()


def _nobody_above(ground: Ground, random: Random) -> str:
    """Under an authority that no country has, or that calls itself one."""
    name = random.choice(("xx.customs", "cn", "cn.customs.cn"))
    issuer = ground.issuer(above=random.choice((name, ground.issuer(above=name).name)))
    return ground.anchor(ground.issue(issuer)).serialize()


def _undelegated(ground: Ground, random: Random) -> str:
    """Under an issuer that never was a body."""
    body = ground.body(authorized=False)
    return ground.anchor(ground.issue(ground.issuer(above=body.name))).serialize()


def _unentered(ground: Ground, random: Random) -> str:
    """A key is registered for a name that was never entered as an issuer."""
    ghost = Issuer(f"ghost.{random.randrange(10**9)}", ground.stranger())
    ground.enter_key(ghost, ghost.key)
    return ground.anchor(ground.issue(ghost)).serialize()


def _circle(ground: Ground, random: Random) -> str:
    """Two bodies that accredit each other; no contract allows it, a faulty source may tell it."""
    first, second = ground.body(), ground.body()
    ground.world.accreditors[first.name], ground.world.accreditors[second.name] = second.name, first.name
    top = random.choice((first.name, AUTHORITY))
    for body in (first, second):
        ground.set_top(body, top)
    return ground.anchor(ground.issue(first)).serialize()


def _dates(since: tuple[int, int], until: tuple[int, int]) -> Callable[[Ground, Random], str]:
    def make(ground: Ground, random: Random) -> str:
        issuer = ground.issuer(since=random.randint(*since), until=random.randint(*until) if until[1] else 0)
        return ground.anchor(ground.issue(issuer)).serialize()

    return make


def _port(code: str, *, entered: bool, ended: bool = False) -> Callable[[Ground, Random], str]:
    """Limited to ports; the sample is loaded in Ningbo."""

    def make(ground: Ground, random: Random) -> str:
        issuer = ground.issuer(limits=int(Limit.PORT))
        if entered:
            ground.world.record("scope", issuer.name, BILL, code, code=1)
        if ended:
            ground.upto()
            ground.world.record("scope", issuer.name, BILL, code, code=0)
        return ground.anchor(ground.issue(issuer)).serialize()

    return make


def _reinstated(ground: Ground, random: Random) -> str:
    issuer, body, _ = _chain(ground, "CN", leaves=False)
    for state in (IssuerState.SUSPENDED, IssuerState.ACTIVE):
        ground.world.now = min(ground.world.now + random.randrange(3), ANCHORED)
        ground.change_issuer(random.choice((issuer,)), state)
        ground.change_issuer(body, state)
    return ground.anchor(ground.issue(issuer)).serialize()


ENDS: tuple[tuple[str, Happen, str], ...] = (
    ("issuer suspended", _issuer_suspended, "issuer.suspended"),
    ("body suspended", _body_suspended, "issuer.body-suspended"),
    ("accreditation ended", _accreditation_ended, "issuer.accreditation-not-in-force"),
    ("body lost the kind", _body_lost_the_kind, "issuer.body-not-accredited"),
    ("body's delegation ended", _body_ended, "issuer.body-not-authorized"),
    ("authority left", _authority_left, "issuer.authority-not-in-office"),
    ("country left", _country_left, "issuer.country-not-member"),
)
KINDS: tuple[Kind, ...] = (
    *printed(
        *(forgery(f"{name} before the anchor", _before(happen), code) for name, happen, code in ENDS),
        *(
            fault(f"{name} after the anchor", _after(happen), GOOD, authentic=YES, usable=ACTIVE)
            for name, happen, _ in ENDS
        ),
        forgery("issuer outside its kinds", _other_kind, "issuer.not-accredited"),
        forgery("issuer before its dates", _dates((ANCHORED + 1, HEAD), (0, 0)), "issuer.accreditation-not-in-force"),
        forgery(
            "issuer after its dates", _dates((START, START), (START + 1, ANCHORED)), "issuer.accreditation-not-in-force"
        ),
        forgery("authority never in office", _nobody_above, "issuer.authority-unknown"),
        forgery("body without delegation", _undelegated, "issuer.body-not-authorized"),
        forgery("issuer never entered", _unentered, "issuer.unregistered"),
        forgery("bodies that accredit each other", _circle, "issuer.authority-unknown"),
        fault("issuer within its dates", _dates((START, START), (ANCHORED + 1, HEAD)), GOOD, authentic=YES),
        fault("issuer suspended and reinstated before", _reinstated, GOOD, authentic=YES),
        forgery("issuer outside its ports", _port("port.sgsin", entered=True), "issuer.out-of-scope"),
        forgery("issuer without any port", _port("port.cnnbo", entered=False), "issuer.out-of-scope"),
        forgery("port ended before the anchor", _port("port.cnnbo", entered=True, ended=True), "issuer.out-of-scope"),
        fault("issuer within its ports", _port("port.cnnbo", entered=True), GOOD, authentic=YES),
    ),
)
