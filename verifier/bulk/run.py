"""One run over many documents: at as few blocks as may be, each of them stated."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ledger.block import Block
from verifier.bulk.ahead import read_ahead
from verifier.checks.identity import ABSENT
from verifier.gather import gather, read_head
from verifier.missing import Missing
from verifier.question import Question
from verifier.subject import Subject
from verifier.verdict import Verdict
from verifier.verify import Verifier, judge

RENEWED: Final = 30.0
"""Seconds that a run stays at one block: well under every limit of freshness, and its facts are read once for all."""


@dataclass
class BulkRun:
    """Judges groups, in order. blocks: every block used, in order; `clock`: for how long a block is used, seconds."""

    verifier: Verifier
    clock: Callable[[], float] = time.monotonic
    blocks: list[Block] = field(default_factory=list)
    _head: Block | Missing | None = None
    _since: float = 0.0

    def verify(self, asked: Sequence[tuple[Subject, Question]]) -> list[Verdict]:
        """Judge one group at one block. Raises nothing of the verifier's sources."""
        if not asked:
            return []
        if not isinstance(self._head, Block) or self.clock() - self._since > RENEWED:
            return self._judged(asked, self._newest())
        verdicts = self._judged(asked, self._head)
        if any(finding.code in ABSENT for verdict in verdicts for finding in verdict.findings):
            # What a block of some seconds ago does not have may have been entered since.
            return self._judged(asked, self._newest())
        return verdicts

    def _judged(self, asked: Sequence[tuple[Subject, Question]], head: Block | Missing) -> list[Verdict]:
        verifier, sources = self.verifier, read_ahead(self.verifier.sources, [subject for subject, _ in asked], head)
        now = int(verifier.clock())
        return [
            judge(gather(subject, sources, head, now, question.relying_country), question, verifier.policy)
            for subject, question in asked
        ]

    def _newest(self) -> Block | Missing:
        self._head, self._since = read_head(self.verifier.sources), self.clock()
        if isinstance(self._head, Block) and self._head not in self.blocks[-1:]:
            self.blocks.append(self._head)
        return self._head
