"""Rules by which customs decides how closely to look: read top down, the first that holds decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from verifier.consignment.tolerance import Tolerance
from verifier.decision.condition import Condition
from verifier.decision.inspection import Inspection


@dataclass(frozen=True, slots=True)
class Rule:
    """It holds if all its conditions do; one without any always does. why: a sentence by language.

    percent: with SAMPLING, how many of a hundred are drawn; drawn: how closely those are looked at.
    """

    name: str
    inspection: Inspection
    why: Mapping[str, str]
    conditions: tuple[Condition, ...] = ()
    percent: Decimal = Decimal(0)
    drawn: Inspection = Inspection.PHYSICAL


@dataclass(frozen=True, slots=True)
class DecisionPolicy:
    """name, version: what the file calls itself; sha256: of the file, which says what it really was.

    undecided: the depth, at least, where a stricter rule than the one that decides could not be decided.
    """

    name: str
    version: str
    sha256: bytes
    rules: tuple[Rule, ...]
    tolerance: Tolerance = field(default_factory=Tolerance)
    undecided: Inspection = Inspection.DOCUMENT_CHECK
