"""Lines of a bulk verification: what was asked on each, and its answer, with a signed summary at the end."""

import json
from collections.abc import Sequence
from typing import Any, Literal

from api import problems
from api.answer_signature import signed
from api.moment import show
from api.node import Node
from api.routes import verification_body
from api.routes.verification_body import Given
from api.verdict_json import verdict_json
from ledger.errors import Invalid, PortsealError
from verifier.bulk.run import BulkRun
from verifier.bulk.tally import Tally
from verifier.outcome import Outcome
from verifier.question import Question
from verifier.subject import Subject
from verifier.verdict import Verdict

Detail = Literal["codes", "full"]
_WELL = frozenset({Outcome.PASS, Outcome.SKIPPED})
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_Asked = tuple[Subject, Question] | PortsealError


class BulkLines:
    """Answers one body, group by group, in order. given: the question for lines that bring none of their own.

    first: the number of the first line."""

    def __init__(self, node: Node, given: Given, detail: Detail = "codes", first: int = 1) -> None:
        verification_body.question(given)  # a good one, or Invalid
        self._node, self._given, self._detail = node, given, detail
        self._run, self._tally = BulkRun(node.judge), Tally()
        self._first, self._number = first, first - 1

    def answer(self, lines: Sequence[bytes | Invalid]) -> bytes:
        """Return one line for each. A line that cannot be read is answered by a problem, and harms no other."""
        asked = [self._read(line) for line in lines]
        verdicts = iter(self._run.verify([one for one in asked if not isinstance(one, PortsealError)]))
        answers = [
            self._refused(one) if isinstance(one, PortsealError) else self._judged(next(verdicts)) for one in asked
        ]
        content = b"".join(map(self._line, answers))
        self._tally.answered(content)
        return content

    def end(self, fault: PortsealError | None) -> bytes:
        """Return the last line, the summary; before it a line for what ended the body early, if anything did."""
        fault_line = b"" if fault is None else _dump({"line": None, **_problem(fault)})
        self._tally.answered(fault_line)
        summary = self._tally.to_dict() | {
            "first": self._first,
            "complete": fault is None,
            "asked": self._given,
            "as_of": {
                "chain_id": self._node.network.chain_id,
                "blocks": [
                    {"block": one.number, "block_hash": f"0x{one.hash.hex()}", "block_time": show(one.timestamp)}
                    for one in self._run.blocks
                ],
            },
        }
        return fault_line + _dump({"summary": signed(self._node, summary)})

    def _read(self, line: bytes | Invalid) -> _Asked:
        self._tally.came(b"" if isinstance(line, PortsealError) else line)
        if isinstance(line, PortsealError):
            return line
        try:
            return verification_body.read(line, self._given)
        except PortsealError as error:
            return error

    def _judged(self, verdict: Verdict) -> dict[str, Any]:
        self._tally.judged(verdict)
        if self._detail == "full":
            return {"status": 200, "verdict": verdict_json(verdict)}
        return {
            "status": 200,
            "authentic": verdict.authentic.value,
            "usable": verdict.usable.value,
            "digest": verdict.digest.hex() if verdict.digest else None,
            "issuer": verdict.issuer,
            "kind": verdict.kind,
            "block": verdict.as_of.number if verdict.as_of else None,
            "codes": {one.code: one.outcome.value for one in verdict.findings if one.outcome not in _WELL},
        }

    def _refused(self, error: PortsealError) -> dict[str, Any]:
        self._tally.refused(error.code)
        return _problem(error)

    def _line(self, answer: dict[str, Any]) -> bytes:
        self._number += 1
        return _dump({"line": self._number, **answer})


def _problem(error: PortsealError) -> dict[str, Any]:
    problem = problems.problem(error)
    return {"status": problem["status"], "problem": problem}


def _dump(answer: dict[str, Any]) -> bytes:
    return _ENCODER.encode(answer).encode() + b"\n"
