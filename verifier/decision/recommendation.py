"""The recommendation, and every rule with what held and what did not."""

from collections.abc import Sequence
from dataclasses import dataclass

from verifier.decision.condition import Condition
from verifier.decision.fact import Facts
from verifier.decision.inspection import Inspection
from verifier.decision.policy import DecisionPolicy, Rule
from verifier.decision.sampling import is_drawn


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule, and for each of its conditions whether it held (None: could not be said)."""

    rule: Rule
    held: tuple[bool | None, ...]

    @property
    def holds(self) -> bool | None:
        """Whether all conditions hold; None if none fails and some cannot be said."""
        if False in self.held:
            return False
        return None if None in self.held else True

    def of(self, held: bool | None) -> list[Condition]:
        """Return the conditions that held, did not (False), or could not be said (None)."""
        return [one for one, found in zip(self.rule.conditions, self.held, strict=True) if found is held]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """decided_by: the first rule that holds. raised_by: one before it that could not be decided, and is stricter.

    drawn: with SAMPLING, whether this consignment is in the sample; None: not drawn here.
    """

    inspection: Inspection
    decided_by: Rule
    raised_by: Rule | None
    tried: tuple[Tried, ...]
    drawn: bool | None = None


def recommend(policy: DecisionPolicy, facts: Facts, draw: int | None = None) -> Recommendation:
    """Try every rule. `draw`: of this consignment (sampling.draw_of); None if it is not to be told."""
    tried = tuple(Tried(rule, tuple(one.holds(facts) for one in rule.conditions)) for rule in policy.rules)
    place = next(place for place, one in enumerate(tried) if one.holds)
    rule = tried[place].rule
    raised_by, inspection = _raised(policy, rule, tried[:place])
    sampled = inspection is Inspection.SAMPLING
    drawn = is_drawn(draw, rule.percent) if sampled and draw is not None else None
    return Recommendation(inspection, rule, raised_by, tried, drawn)


def _raised(policy: DecisionPolicy, rule: Rule, before: Sequence[Tried]) -> tuple[Rule | None, Inspection]:
    """What is withheld must not turn a strict rule off: such a rule counts up to the depth of `undecided`."""
    inspection, raised_by = rule.inspection, None
    for one in before:
        depth = min(one.rule.inspection, policy.undecided, key=lambda each: each.depth)
        if one.holds is None and depth.depth > inspection.depth:
            inspection, raised_by = depth, one.rule
    return raised_by, inspection
