"""What a run comes to, and hashes by which its lines can be told from others."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from verifier.outcome import Outcome
from verifier.verdict import Verdict

_WELL = frozenset({Outcome.PASS, Outcome.SKIPPED})


@dataclass
class Tally:
    """Counts by axis and by code; SHA-256 over the lines that came and those that were answered, each with its LF."""

    verdicts: int = 0
    authentic: Counter[str] = field(default_factory=Counter)
    usable: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    policies: set[str] = field(default_factory=set)
    _came: Any = field(default_factory=hashlib.sha256)
    _answered: Any = field(default_factory=hashlib.sha256)

    def judged(self, verdict: Verdict) -> None:
        """Count a verdict; of its findings, those that are not well, each code once."""
        self.verdicts += 1
        self.authentic[verdict.authentic] += 1
        self.usable[verdict.usable] += 1
        self.policies.add(verdict.policy)
        self.codes.update({finding.code for finding in verdict.findings if finding.outcome not in _WELL})

    def refused(self, code: str) -> None:
        """Count a line that could not be read."""
        self.problems[code] += 1

    def came(self, line: bytes) -> None:
        """Take note of a line that came, without its LF; one that was too long to be read counts as empty."""
        self._came.update(line + b"\n")

    def answered(self, lines: bytes) -> None:
        """Take note of lines that are answered, with their LF."""
        self._answered.update(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON members."""
        return {
            "lines": self.verdicts + self.problems.total(),
            "verdicts": self.verdicts,
            "problems": _sorted(self.problems),
            "authentic": _sorted(self.authentic),
            "usable": _sorted(self.usable),
            "codes": _sorted(self.codes),
            "policies": sorted(self.policies),
            "sha256_in": self._came.hexdigest(),
            "sha256_out": self._answered.hexdigest(),
        }


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {str(name): counts[name] for name in sorted(counts)}
