"""Edge packs that are old, or not what was signed. Only where packs can be made: on the embedded chain."""

from collections.abc import Callable
from random import Random
from typing import Any

from ledger.document_status import Status
from tests.corpus.keys import own
from tests.corpus.kind import EDGE, NEVER_NO, UNKNOWN, YES, Attempt, Kind, fault, forgery
from verifier.axes import Usable
from verifier.pack.opened import Pack

MODES = (EDGE,)
YEARS = 3 * 366 * 86_400
NOT_KNOWN = frozenset({Usable.UNKNOWN})
Make = Callable[[Any, Random], Attempt]


def _older_than_its_issuer(ground: Any, random: Random) -> Attempt:
    """The device left before the issuer was entered: it does not know the key, and holds that against nobody."""
    pack: Pack = ground.pack
    envelope = ground.anchor(ground.issue(own(ground, random)))
    return Attempt(envelope.serialize(), pack=lambda _: pack)


def _older_than_a_revocation(low: int, high: int) -> Make:
    def make(ground: Any, random: Random) -> Attempt:
        issuer = own(ground, random)
        envelope = ground.anchor(ground.issue(issuer))
        kept: list[Pack] = []

        def later(then: Any) -> None:
            kept.append(then.pack)
            then.status(issuer.name, envelope.digest, Status.REVOKED)

        return Attempt(envelope.serialize(), later=later, clock=random.randint(low, high), pack=lambda _: kept[0])

    return make


def _strangers_key(ground: Any, _random: Random) -> Attempt:
    """Neither the pack nor the file beside it was changed; the document was signed by nobody and never anchored."""
    return Attempt(ground.issue(ground.first, ground.stranger()).serialize())


def _bytes(change: Callable[[bytes, Random], bytes]) -> Make:
    def make(ground: Any, random: Random) -> Attempt:
        return Attempt(
            ground.genuine.serialize(), pack=lambda then: then.opened(change(then.pack_file.encode(), random))
        )

    return make


def _flipped(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


KINDS: tuple[Kind, ...] = (
    fault("pack older than its issuer", _older_than_its_issuer, modes=MODES),
    fault(
        "pack of before a revocation, years old",
        _older_than_a_revocation(YEARS, 2 * YEARS),
        "freshness.stale",
        authentic=YES,
        usable=NOT_KNOWN,
        modes=MODES,
    ),
    forgery("nobody's key before a pack", _strangers_key, authentic=UNKNOWN, modes=MODES),
    fault("pack with a flipped bit", _bytes(_flipped), authentic=NEVER_NO, modes=MODES),
    fault("pack cut off", _bytes(_cut), modes=MODES),
)
