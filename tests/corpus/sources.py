"""Network, node and archive at fault while a genuine document is judged, or a forged one."""

from collections.abc import Callable
from random import Random
from typing import Any

from ledger.block import Block
from ledger.errors import Invalid, Refused, Unavailable
from tests.corpus.ground import ANCHORED, HEAD, Ground
from tests.corpus.keys import own
from tests.corpus.kind import NEVER_NO, NEVER_YES, ONLINE, UNKNOWN, Attempt, Kind, fault, forgery
from tests.verifier.world import START, World
from verifier.axes import Usable
from verifier.checks.freshness import HEAD_SECONDS
from verifier.record import Record
from verifier.sources import Facts

PORTS = ("head", "anchoring", "account", "finality", "key", "issuer", "accreditation", "authority", "status")
AUTHENTIC_PORTS = PORTS[1:-1]
MODES = (ONLINE,)
NOT_ACTIVE = frozenset(Usable) - {Usable.ACTIVE}
FAULTS: tuple[Callable[[], Exception], ...] = (
    lambda: Unavailable("chain.timeout", "no answer", mend="ask again"),
    lambda: Unavailable("chain.answer", "half an answer", mend="ask again"),
    lambda: Invalid("proof.nodes", "not the path", mend="ask again"),
    lambda: Refused("contract.revert", "reverted", mend="ask again"),
    lambda: OSError("connection reset"),
    lambda: TimeoutError("slow"),
    lambda: KeyError("result"),
    lambda: ValueError("not hex"),
    lambda: RecursionError("deep"),
    lambda: MemoryError(),
)


class Broken:
    """Facts of which some ports raise."""

    def __init__(self, facts: Facts, ports: list[str], error: Exception) -> None:
        self._facts, self._ports, self._error = facts, ports, error

    def __getattr__(self, name: str) -> Any:
        if name in self._ports:
            return self._raise
        return getattr(self._facts, name)

    def _raise(self, *_: Any) -> Any:
        raise self._error


class Behind:
    """A node whose newest block is an older one."""

    def __init__(self, world: World, time: int) -> None:
        self._world, self._time = world, time

    def head(self) -> Block:
        return self._world.block(self._time)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)


def _broken(text: str, random: Random, ports: tuple[str, ...]) -> Attempt:
    chosen, error = random.sample(ports, random.randint(1, min(4, len(ports)))), random.choice(FAULTS)()
    return Attempt(text, facts=lambda facts: Broken(facts, chosen, error))


def _genuine(ports: tuple[str, ...]) -> Callable[[Ground, Random], Attempt]:
    return lambda ground, random: _broken(ground.genuine.serialize(), random, ports)


def _forged(ground: Ground, random: Random) -> Attempt:
    key = random.choice((ground.stranger(), ground.second.key))
    return _broken(ground.anchor(ground.issue(ground.first, key)).serialize(), random, PORTS)


def _archive_raises(ground: Ground, random: Random) -> Attempt:
    error = random.choice(FAULTS)()

    def find(_record: Record) -> Record:
        raise error

    return Attempt(ground.genuine.serialize(), record=find)


def _archive_forgot(ground: Ground, _random: Random) -> Attempt:
    return Attempt(ground.genuine.serialize(), record=lambda _: None)


def _behind(ground: Ground, random: Random) -> Attempt:
    """Its issuer was entered, and it was issued and anchored, after what the node has seen; or only some of that."""
    issuer = own(ground, random)
    stated = random.choice((ground.world.now, 1_000))
    envelope = ground.anchor(ground.issue(issuer, iat=stated))
    time = random.randrange(START, ANCHORED)
    return Attempt(envelope.serialize(), facts=lambda _: Behind(ground.world, time))


def _behind_without_archive(ground: Ground, random: Random) -> Attempt:
    """Nobody told its archive of the document, which may state an earlier date than that of its key's entry."""
    issuer = own(ground, random)
    envelope = ground.anchor(ground.issue(issuer, iat=random.choice((ground.world.now, 1_000))))
    time = random.randrange(START, ground.world.now)
    return Attempt(envelope.serialize(), record=lambda _: None, facts=lambda _: Behind(ground.world, time))


def _behind_under_a_slow_clock(ground: Ground, random: Random) -> Attempt:
    """By the device's clock the node is at the head, or ahead of it; that clock is behind the node's own blocks."""
    issuer = own(ground, random)
    envelope = ground.anchor(ground.issue(issuer, iat=1_000))
    time = random.randrange(START, ground.world.now)
    slow = time - HEAD - random.randint(HEAD_SECONDS + 1, 10**6)
    return Attempt(envelope.serialize(), record=lambda _: None, facts=lambda _: Behind(ground.world, time), clock=slow)


def _nobodys(least: int, most: int) -> Callable[[Ground, Random], Attempt]:
    """Signed with a key of nobody, anchored nowhere, shown to a node that is so many seconds behind."""

    def make(ground: Ground, random: Random) -> Attempt:
        envelope = ground.issue(ground.first, ground.stranger(), iat=random.choice((1_000, START)))
        time = HEAD - random.randint(least, most)
        return Attempt(envelope.serialize(), facts=lambda _: Behind(ground.world, time))

    return make


def _old(ground: Ground, random: Random) -> Attempt:
    """It has the anchor, and nothing newer, for longer than anything may be called usable."""
    return Attempt(
        ground.genuine.serialize(),
        facts=lambda _: Behind(ground.world, ANCHORED),
        clock=random.randint(300, 10**6),
    )


def _empty(ground: Ground, random: Random) -> Attempt:
    """A node that began anew: it answers, and has nothing."""
    blank = World(with_issuer=False)
    return Attempt(ground.genuine.serialize(), facts=lambda _: blank, clock=random.choice((0, 10**4)))


def _empty_with_its_archive(ground: Ground, random: Random) -> Attempt:
    text = ground.anchor(ground.issue(ground.first, iat=1_000)).serialize()
    blank = World(with_issuer=False)
    return Attempt(text, facts=lambda _: blank, record=lambda _: None, clock=random.choice((0, 10**4)))


KINDS: tuple[Kind, ...] = (
    fault("node fails in what authenticity needs", _genuine(AUTHENTIC_PORTS), modes=MODES, usable=NOT_ACTIVE),
    fault("node fails anywhere", _genuine(PORTS), modes=MODES, authentic=NEVER_NO, usable=NOT_ACTIVE),
    forgery("node fails before a forgery", _forged, modes=MODES, authentic=NEVER_YES, usable=NOT_ACTIVE),
    fault("archive fails", _archive_raises, "anchoring.unreadable", modes=MODES),
    fault("archive forgot", _archive_forgot, "anchoring.not-found", modes=MODES),
    fault("node behind the anchor", _behind, "anchoring.node-behind", modes=MODES),
    fault(
        "node behind the issuer, nothing in the archive", _behind_without_archive, "issuer.not-known-yet", modes=MODES
    ),
    fault(
        "node behind the issuer, a clock behind both", _behind_under_a_slow_clock, "issuer.not-known-yet", modes=MODES
    ),
    forgery("nobody's key, the node at the head", _nobodys(0, HEAD_SECONDS), "issuer.key-unknown", modes=MODES),
    forgery(
        "nobody's key, the node behind",
        _nobodys(HEAD_SECONDS + 1, HEAD - START - 20),
        "issuer.not-known-yet",
        modes=MODES,
        authentic=UNKNOWN,
    ),
    fault("node that stands still", _old, "freshness.stale", modes=MODES, authentic=NEVER_NO, usable=NOT_ACTIVE),
    fault("node that began anew", _empty, "anchoring.node-behind", modes=MODES, authentic=UNKNOWN),
    fault("node and archive that began anew", _empty_with_its_archive, "issuer.not-known-yet", modes=MODES),
)
