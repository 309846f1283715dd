"""Edge packs that are old, and devices whose clocks are off: what was carried along says less and less, never more."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from ledger.authority import Purpose
from ledger.document_status import Status
from ledger.issuer_state import KeyState
from tests.corpus.keys import ACTIVE, own
from tests.corpus.kind import EDGE, GATE, NEVER_NO, UNKNOWN, YES, Attempt, Kind, fault, forgery
from tests.corpus.spoilt import cut, flipped, lengthened, spliced
from tests.verifier.packs_forged import content_of, resigned
from verifier.axes import Usable
from verifier.pack.body import compress, pack_body
from verifier.pack.file import PackFile
from verifier.pack.opened import Pack

MODES = (EDGE, GATE)
HOUR, DAY, YEAR = 3_600, 86_400, 366 * 86_400
NOT_KNOWN = frozenset({Usable.UNKNOWN})
REVOKED = frozenset({Usable.REVOKED})
Make = Callable[[Any, Random], Attempt]
Kept = Callable[[], PackFile]
"""Gives a pack of before, once all is over."""


# --- old ones


def _older_than_its_issuer(ground: Any, random: Random) -> Attempt:
    """The device left before the issuer was entered: it does not know the key, and holds that against nobody."""
    kept: Kept = ground.kept_pack()
    ground.tick()
    envelope = ground.anchor(ground.issue(own(ground, random)))
    return Attempt(envelope.serialize(), pack=lambda then: then.opened(kept().encode()))


def _older_than_the_anchor(*, retired: bool) -> Make:
    """The issuer was there when the pack was made; `retired`: its key was no longer in service before the anchor."""

    def make(ground: Any, random: Random) -> Attempt:
        issuer = own(ground, random)
        kept: Kept = ground.kept_pack()
        ground.tick()
        if retired:
            ground.change_key(issuer, KeyState.RETIRED)
        envelope = ground.anchor(ground.issue(issuer))
        return Attempt(envelope.serialize(), pack=lambda then: then.opened(kept().encode()))

    return make


def _revoked_since(use: Callable[[Any, PackFile], Pack], low: int = 0, high: int = 0) -> Make:
    """It was revoked after a pack was made; `use`: what a device does with that pack."""

    def make(ground: Any, random: Random) -> Attempt:
        issuer = own(ground, random)
        envelope = ground.anchor(ground.issue(issuer))
        kept: list[Kept] = []

        def later(then: Any) -> None:
            kept.append(then.kept_pack())
            then.tick()
            then.status(issuer.name, envelope.digest, Status.REVOKED)

        clock = random.randint(low, high)
        return Attempt(envelope.serialize(), later=later, clock=clock, pack=lambda then: use(then, kept[0]()))

    return make


def _opened(then: Any, old: PackFile) -> Pack:
    pack: Pack = then.opened(old.encode())
    return pack


# --- on a device that has seen the newest one


def _given(then: Any, file: PackFile) -> Pack:
    pack: Pack = then.device.given(file)
    return pack


def _forked(then: Any, old: PackFile) -> Pack:
    """The old state under the number of the newest one, signed by the customs itself."""
    newest: Pack = then.pack
    claims = {"number": newest.head.number, "previous": None if newest.head.number == 1 else "00" * 32}
    return _given(then, resigned(old, then.service_key(Purpose.ANSWERS), **claims))


def _back_under_a_newer_number(then: Any, old: PackFile) -> Pack:
    newest: Pack = then.pack
    claims = {"number": newest.head.number + 1, "previous": newest.hash.hex()}
    return _given(then, resigned(old, then.service_key(Purpose.ANSWERS), **claims))


def _of_another_customs(then: Any, old: PackFile) -> Pack:
    newest: Pack = then.pack
    claims = {"by": "sg.customs", "number": newest.head.number + 1, "previous": newest.hash.hex()}
    return _given(then, resigned(old, then.service_key(Purpose.ANSWERS, "sg.customs"), **claims))


# --- deltas


def _delta(then: Any, old: PackFile) -> PackFile:
    """What was added to the old pack up to the newest one."""
    base, whole = then.opened(old.encode()), then.pack_file
    added = content_of(whole).after(base.head.counts, base.head.hours[1])
    return PackFile(whole.head, whole.proof, compress(pack_body(added)), base.hash)


def _added(then: Any, old: PackFile) -> Pack:
    pack: Pack = then.opened(_delta(then, old).encode(), _opened(then, old))
    return pack


def _added_to_another(then: Any, old: PackFile) -> Pack:
    """To the newest one, which has it all already."""
    delta = _delta(then, old)
    base: Pack = then.opened(then.pack_file.encode())
    pack: Pack = then.opened(delta.encode(), base)
    return pack


def _added_to_what_it_names_not(then: Any, old: PackFile) -> Pack:
    """A delta that was made to fit: it names the pack that is held, and adds what was added to the other."""
    base: Pack = then.opened(then.pack_file.encode())
    pack: Pack = then.opened(replace(_delta(then, old), since=base.hash).encode(), base)
    return pack


# --- clocks, bytes


def _clock(low: int, high: int, ahead: int = 0) -> Make:
    """ahead: by how many seconds of now the question is."""

    def make(ground: Any, random: Random) -> Attempt:
        asked = {"at": ground.world.now + ahead} if ahead else {}
        return Attempt(ground.genuine.serialize(), clock=random.randint(low, high), question=asked)

    return make


def _bytes(change: Callable[[bytes, Random], bytes]) -> Make:
    def make(ground: Any, random: Random) -> Attempt:
        return Attempt(
            ground.genuine.serialize(), pack=lambda then: then.opened(change(then.pack_file.encode(), random))
        )

    return make


def _strangers_key(ground: Any, _random: Random) -> Attempt:
    """Neither the pack nor what is beside it was changed; the document was signed by nobody and never anchored."""
    return Attempt(ground.issue(ground.first, ground.stranger()).serialize())


LATER = ("anchoring.after-facts", "anchoring.unreadable")
STALE, BEHIND = "freshness.stale", "freshness.clock-behind"
OLD: dict[str, Any] = {"authentic": YES, "usable": NOT_KNOWN, "modes": MODES}
NEW: dict[str, Any] = {"authentic": YES, "usable": ACTIVE, "modes": MODES}
KEPT: dict[str, Any] = {"authentic": YES, "usable": REVOKED, "modes": MODES}
KINDS: tuple[Kind, ...] = (
    fault("pack older than its issuer", _older_than_its_issuer, modes=MODES),
    fault("pack older than the anchor", _older_than_the_anchor(retired=False), *LATER, modes=MODES),
    forgery(
        "pack older than its key's end", _older_than_the_anchor(retired=True), *LATER, authentic=UNKNOWN, modes=MODES
    ),
    fault(
        "pack of before a revocation, years old",
        _revoked_since(_opened, 3 * YEAR, 6 * YEAR),
        STALE,
        authentic=YES,
        usable=NOT_KNOWN,
        modes=(EDGE,),
    ),
    fault("pack of within its anchor's hour", _revoked_since(_opened), "anchoring.unreadable", modes=(GATE,)),
    fault("pack that is fresh", _clock(0, HOUR), "freshness.good", **NEW),
    fault("pack that is ageing", _clock(HOUR + 1, 6 * HOUR), "freshness.ageing", **NEW),
    fault("pack that is stale", _clock(6 * HOUR + 1, 10 * YEAR), STALE, **OLD),
    fault("device's clock a day ahead", _clock(DAY, DAY + HOUR), STALE, **OLD),
    fault("device's clock a day behind", _clock(-DAY - HOUR, -DAY), BEHIND, **OLD),
    fault("device's clock at the beginning of time", _clock(-50 * YEAR, -30 * YEAR), BEHIND, **OLD),
    fault("device's clock minutes behind", _clock(-300, 0), "freshness.good", **NEW),
    fault("pack asked about what has not come", _clock(0, HOUR, 2 * DAY), "freshness.future", **OLD),
    fault("pack rolled back", _revoked_since(_given), "status.revoked", **KEPT),
    fault("pack forked", _revoked_since(_forked), "status.revoked", **KEPT),
    fault("old pack under a newer number", _revoked_since(_back_under_a_newer_number), "status.revoked", **KEPT),
    fault("old pack of another customs", _revoked_since(_of_another_customs), "status.revoked", **KEPT),
    fault("delta added to its pack", _revoked_since(_added), "status.revoked", **KEPT),
    fault("delta over the wrong base", _revoked_since(_added_to_another), "pack.other-base", modes=MODES),
    fault("delta that names the wrong base", _revoked_since(_added_to_what_it_names_not), "pack.damaged", modes=MODES),
    fault("pack with a flipped bit", _bytes(flipped), authentic=NEVER_NO, modes=MODES),
    fault("pack cut off", _bytes(cut), modes=MODES),
    fault("pack lengthened", _bytes(lengthened), modes=MODES),
    fault("pack with a piece cut out", _bytes(spliced), modes=MODES),
    forgery("nobody's key before a pack", _strangers_key, authentic=UNKNOWN, modes=MODES),
)
