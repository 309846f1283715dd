"""Running kinds: so many instances of each on a ground, judged in each mode, counted and compared with the truth."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from ledger.envelope import Envelope
from tests.corpus.court import Court
from tests.corpus.ground import Ground
from tests.corpus.judges import JUDGES, Said
from tests.corpus.kind import INDETERMINATE, INVALID, VALID, Attempt, Kind
from tests.tables import Table, Tally
from verifier.axes import Authentic, Usable

Modes = Mapping[str, "Heard"]


@dataclass
class Heard:
    """What was said of the instances of one kind in one mode. wrong: a wrong VALID or INVALID; odd: not as expected."""

    counts: Counter[Authentic] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)

    def add(self, kind: Kind, mode: str, number: int, said: Said) -> None:
        self.counts[said.authentic] += 1
        told = f"{kind.name}, {mode}, {number}: {said.authentic.value} {said.usable.value} {sorted(said.codes or ())}"
        if said.authentic is (INVALID if kind.genuine else VALID):
            self.wrong.append(told)
        elif not is_expected(kind, mode, said):
            self.odd.append(told)


def is_expected(kind: Kind, mode: str, said: Said) -> bool:
    if said.authentic is INVALID and said.usable is not Usable.UNKNOWN:
        return False
    named = said.codes is None or not kind.codes or bool(kind.codes & said.codes)
    return said.authentic in kind.allowed(mode) and said.usable in kind.usable and named


def hear(kind: Kind, count: int, seed: str) -> Modes:
    """Make so many instances on one ground in memory, and have each judged in each mode of the kind."""
    return hear_all([kind], count, seed, Ground(Random(f"{seed}/{kind.name}")).settled())[kind.name]


def hear_all(kinds: Sequence[Kind], count: int, seed: str, ground: Any) -> dict[str, Modes]:
    """Do so for several kinds on one ground: all is made before the one anchor."""
    made = [
        (kind, number, _made(kind, ground, Random(f"{seed}/{kind.name}/{number}")))
        for kind in kinds
        for number in range(count)
    ]
    ground.seal()
    for _, _, attempt in made:
        if attempt.later:
            ground.after()
            attempt.later(ground)
    ground.settle()
    court = Court(ground)
    heard = {kind.name: {mode: Heard() for mode in kind.modes} for kind in kinds}
    for kind, number, attempt in made:
        for mode, found in heard[kind.name].items():
            found.add(kind, mode, number, JUDGES[mode](court, attempt))
    return heard


def _made(kind: Kind, ground: Any, random: Random) -> Attempt:
    ground.before()
    made = kind.make(ground, random)
    if isinstance(made, Attempt):
        return made
    return Attempt(made.serialize() if isinstance(made, Envelope) else made)


def report(kind: Kind, heard: Modes, where: str, table: Table, tally: Tally) -> None:
    """Add the rows, and fail for what was wrong or not as expected."""
    truth = "genuine" if kind.genuine else "forged"
    for mode, found in heard.items():
        counts = {one.value: found.counts[one] for one in (VALID, INVALID, INDETERMINATE)}
        row = {"truth": truth, "mode": f"{mode}{where}", "instances": found.counts.total(), **counts}
        table("Adversarial corpus: what was said of each kind", kind=kind.name, **row, wrong=len(found.wrong))
        for verdict, number in (counts | {"wrong": len(found.wrong)}).items():
            tally("Adversarial corpus: in all", f"{mode}{where}, {truth}", verdict, number)
    amiss = [one for found in heard.values() for one in (*found.wrong, *found.odd)]
    assert not amiss, "\n".join(amiss[:20])
