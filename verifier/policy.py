"""What must have been checked, and how fresh the answer must be."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.errors import Invalid

AUTHENTIC = frozenset({"form", "integrity", "issuer", "anchoring"})
"""The checks that say something about authenticity. No other may be required for it: what became of a document
never makes it false."""

USABLE = frozenset({"status", "validity", "freshness"})
"""The checks without which nothing can be called usable."""


@dataclass(frozen=True, slots=True)
class Policy:
    """required: the checks that *authentic* rests on. needed: those that ACTIVE rests on besides.

    freshness: seconds that the newest block may be old, by kind; otherwise `fallback`. ageing: from how many on there
    is a warning, by kind or `other`; none where it is empty. carried: the facts were carried along, and not asked for
    now. `version` names the policy in every verdict. Raises Invalid `policy.empty`, `policy.required`,
    `policy.freshness`.
    """

    version: str
    required: frozenset[str]
    needed: frozenset[str]
    freshness: Mapping[str, int]
    fallback: int
    ageing: Mapping[str, int] = field(default_factory=dict)
    carried: bool = False

    def __post_init__(self) -> None:
        if not self.required or not self.needed:
            raise Invalid(
                "policy.empty", "a policy that requires nothing would call anything valid", mend="name checks"
            )
        if not self.required <= AUTHENTIC:
            wrong = ", ".join(sorted(self.required - AUTHENTIC))
            detail = f"{wrong}: not about authenticity"
            raise Invalid("policy.required", detail, mend=f"choose from {', '.join(sorted(AUTHENTIC))}")
        if min((self.fallback, *self.freshness.values())) < 0:
            raise Invalid("policy.freshness", "a limit is negative", mend="give seconds, 0 or more")

    def limit(self, kind: str | None) -> int:
        """Return how many seconds old the newest block may be for a kind; the strictest for an unknown kind."""
        if kind is None:
            return min((self.fallback, *self.freshness.values()))
        return self.freshness.get(kind, self.fallback)

    def warning(self, kind: str | None) -> int | None:
        """Return from how many seconds on the newest block's age gives a warning; None: there is none."""
        return self.ageing.get(kind or "other", self.ageing.get("other"))

    def together_with(self, other: "Policy") -> "Policy":
        """Return the policy that asks for all that both ask for."""
        kinds = self.freshness.keys() | other.freshness.keys()
        warned = self.ageing.keys() | other.ageing.keys()
        return Policy(
            version=f"{self.version}+{other.version}",
            required=self.required | other.required,
            needed=self.needed | other.needed,
            freshness={kind: min(self.limit(kind), other.limit(kind)) for kind in kinds},
            fallback=min(self.fallback, other.fallback),
            ageing={kind: min(both) for kind in warned if (both := _stated(self.warning(kind), other.warning(kind)))},
            carried=self.carried or other.carried,
        )


def _stated(*limits: int | None) -> list[int]:
    return [one for one in limits if one is not None]


DEFAULT = Policy(
    version="portseal-1",
    required=AUTHENTIC,
    needed=USABLE,
    freshness={"bill-of-lading": 300, "certificate-of-origin": 3600, "aeo-credential": 3600},
    fallback=300,
)
"""A bill changes hands within minutes; the others change by the decision of an office."""
