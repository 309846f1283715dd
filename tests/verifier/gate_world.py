"""Documents with printed QR codes, in a world whose hours close."""

from typing import Any

from anchors.hour_root import SECONDS
from ledger import gate_statement
from ledger.envelope import Envelope, issue
from ledger.gate_statement import GateStatement
from ledger.kinds import kind as kind_named
from tests.anchors.gate_cases import Printed, printed
from tests.verifier.world import AEO, BILL, ISSUER, World, document, key_named
from verifier.hours import HourRoot
from verifier.policy import DEFAULT
from verifier.question import Question
from verifier.subject import Subject
from verifier.verdict import Verdict
from verifier.verify import Verifier


def issued(
    kind: str = BILL, iat: int = 0, key: str = "first", issuer: str = ISSUER, expires: int | None = None
) -> tuple[Envelope, GateStatement]:
    signer, stated = key_named(key), document(kind)
    envelope = issue(stated, kind_named(kind), issuer, signer, iat=iat, expires=expires)
    return envelope, gate_statement.issue(envelope, stated, signer)


def close_hour(world: World, made: Printed, *, cosigned: int = 4) -> None:
    """Go on to the hour after the anchor's, and to a final block in it."""
    world.now = max(world.now, (made.code.hour + 1) * SECONDS + 60)
    root, size = made.hour
    world.hour_roots[made.code.hour] = HourRoot(root, size, world.proof(world.now, cosigned))


def printed_in(world: World, kind: str = BILL, **claims: Any) -> Printed:
    """Issue, anchor now, and print once the hour is closed."""
    _, statement = issued(kind, iat=claims.pop("iat", world.now - 5), **claims)
    made = printed(statement, anchored_at=world.now)
    close_hour(world, made)
    return made


def scan(world: World, text: str, clock: int = 0, **question: Any) -> Verdict:
    verifier = Verifier(world.sources(), DEFAULT, lambda: clock or world.now)
    return verifier.verify(Subject.scanned(text), Question(**question))


__all__ = ["AEO", "BILL", "close_hour", "issued", "printed_in", "scan"]
