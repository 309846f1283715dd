"""What became of a document: replayed, hidden, by someone else, in chains and circles. It never makes it false."""

from collections.abc import Callable
from itertools import pairwise
from random import Random

from ledger.document_status import Status
from ledger.envelope import Envelope
from tests.corpus.ground import ANCHORED, Ground, Issuer
from tests.corpus.keys import ACTIVE, own
from tests.corpus.kind import NEVER_NO, YES, Attempt, Kind, fault, printed
from verifier.axes import Usable

REVOKED, SUSPENDED, SUPERSEDED = (frozenset({one}) for one in (Usable.REVOKED, Usable.SUSPENDED, Usable.SUPERSEDED))


def _history(*statuses: Status) -> Callable[[Ground, Random], Attempt]:
    """These statuses one after the other, by the issuer."""

    def make(ground: Ground, random: Random) -> Attempt:
        issuer = own(ground, random)
        envelope = ground.anchor(ground.issue(issuer))

        def later(then: Ground) -> None:
            for status in statuses:
                then.tick()
                then.status(issuer.name, envelope.digest, status)

        return Attempt(envelope.serialize(), later=later)

    return make


def _by_another(ground: Ground, random: Random) -> Attempt:
    """Another issuer enters the same digest under its own name."""
    issuer = own(ground, random)
    envelope = ground.anchor(ground.issue(issuer))
    status = random.choice((Status.REVOKED, Status.SUSPENDED, Status.SUPERSEDED))
    return Attempt(envelope.serialize(), later=lambda then: then.status(then.second.name, envelope.digest, status))


def _taken_back_by_another(ground: Ground, random: Random) -> Attempt:
    """Suspended by its issuer; another issuer reinstates it under its own name."""
    issuer = own(ground, random)
    envelope = ground.anchor(ground.issue(issuer))

    def later(then: Ground) -> None:
        then.status(issuer.name, envelope.digest, Status.SUSPENDED)
        then.tick()
        then.status(then.second.name, envelope.digest, Status.REINSTATED)

    return Attempt(envelope.serialize(), later=later)


def _superseded(issuer: Issuer, chain: list[Envelope], *, close: bool) -> Callable[[Ground], None]:
    def later(then: Ground) -> None:
        pairs = list(pairwise(chain)) + ([(chain[-1], chain[0])] if close else [])
        for old, new in pairs:
            then.tick()
            then.status(issuer.name, old.digest, Status.SUPERSEDED, new.digest)

    return later


def _chain(*, close: bool, last: bool = False) -> Callable[[Ground, Random], Attempt]:
    """Each supersedes the one before it; `close`: and the first the last. Asked about any, or only about the last."""

    def make(ground: Ground, random: Random) -> Attempt:
        issuer = own(ground, random)
        chain = [ground.anchor(ground.issue(issuer)) for _ in range(random.randint(1 if close else 2, 6))]
        asked = chain[-1] if last else random.choice(chain if close else chain[:-1])
        return Attempt(asked.serialize(), later=_superseded(issuer, chain, close=close))

    return make


def _replayed(ground: Ground, random: Random) -> Attempt:
    """As of a time before its revocation it was in force; that says nothing about now."""
    issuer = own(ground, random)
    envelope = ground.anchor(ground.issue(issuer))

    def later(then: Ground) -> None:
        then.status(issuer.name, envelope.digest, Status.SUSPENDED)
        then.tick()
        then.status(issuer.name, envelope.digest, Status.REINSTATED)
        then.tick()
        then.status(issuer.name, envelope.digest, Status.REVOKED)

    return Attempt(
        envelope.serialize(), later=later, question={"at": ANCHORED + 2**20 if random.random() < 0.5 else None}
    )


def _then(ground: Ground, random: Random) -> Attempt:
    issuer = own(ground, random)
    envelope = ground.anchor(ground.issue(issuer))
    return Attempt(
        envelope.serialize(),
        later=lambda then: then.status(issuer.name, envelope.digest, Status.REVOKED),
        question={"at": ANCHORED},
    )


def _by_digest(ground: Ground, random: Random) -> Attempt:
    issuer = own(ground, random)
    envelope = ground.anchor(ground.issue(issuer))
    return Attempt(
        envelope.serialize(),
        digest_only=True,
        later=lambda then: then.status(issuer.name, envelope.digest, Status.REVOKED),
    )


def _unknown_status(ground: Ground, random: Random) -> Attempt:
    """A status that a newer contract has."""
    issuer = own(ground, random)
    envelope = ground.anchor(ground.issue(issuer))
    code = random.randrange(5, 2**32)

    def later(then: Ground) -> None:
        then.world.record("status", issuer.name, envelope.digest, code=code)

    return Attempt(envelope.serialize(), later=later)


S = Status
KINDS: tuple[Kind, ...] = (
    *printed(
        fault("revoked", _history(S.REVOKED), "status.revoked", authentic=YES, usable=REVOKED),
        fault(
            "revoked, then reinstated",
            _history(S.REVOKED, S.REINSTATED),
            "status.revoked",
            authentic=YES,
            usable=REVOKED,
        ),
        fault(
            "reinstated once, then revoked",
            _history(S.SUSPENDED, S.REINSTATED, S.REVOKED),
            "status.revoked",
            authentic=YES,
            usable=REVOKED,
        ),
        fault("old reinstatement replayed", _replayed, "status.revoked", authentic=YES, usable=REVOKED),
        fault("suspended", _history(S.SUSPENDED), "status.suspended", authentic=YES, usable=SUSPENDED),
        fault(
            "suspended twice, reinstated between",
            _history(S.SUSPENDED, S.REINSTATED, S.SUSPENDED),
            "status.suspended",
            authentic=YES,
            usable=SUSPENDED,
        ),
        fault(
            "suspended and reinstated",
            _history(S.SUSPENDED, S.REINSTATED),
            "status.reinstated",
            authentic=YES,
            usable=ACTIVE,
        ),
        fault("revoked later than asked", _then, "status.none", authentic=YES, usable=ACTIVE),
        fault("status by another issuer", _by_another, "status.none", authentic=YES, usable=ACTIVE),
        fault(
            "reinstated by another issuer", _taken_back_by_another, "status.suspended", authentic=YES, usable=SUSPENDED
        ),
        fault("superseded in a chain", _chain(close=False), "status.superseded", authentic=YES, usable=SUPERSEDED),
        fault("last of a chain", _chain(close=False, last=True), "status.none", authentic=YES, usable=ACTIVE),
        fault("superseded in a circle", _chain(close=True), "status.superseded", authentic=YES, usable=SUPERSEDED),
        fault(
            "status of a newer contract",
            _unknown_status,
            "status.unreadable",
            authentic=NEVER_NO,
            usable=frozenset({Usable.UNKNOWN}),
        ),
    ),
    fault("revoked, by its digest alone", _by_digest, "integrity.not-presented", usable=REVOKED),
)
