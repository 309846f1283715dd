"""Is it an envelope of a known kind, and does the document follow its schema?"""

from ledger.errors import Invalid
from ledger.gate_statement import GateStatement
from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.outcome import Outcome
from verifier.question import Asked
from verifier.reading import Reading
from verifier.rejection import Rejection


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Judge the form; what is withheld counts as there."""
    if evidence.gate:
        return _judge_gate(evidence, evidence.gate.statement)
    return [_judge(evidence), *_withheld(evidence.reading)]


def _judge(evidence: Evidence) -> Finding:
    if rejection := evidence.subject.rejection:
        return _unreadable(rejection)
    if evidence.envelope is None:
        return Finding("form.not-presented", Outcome.SKIPPED)
    if evidence.kind is None:
        # Another version of Portseal may know it: no fault of the document.
        return Finding("form.kind-unknown", Outcome.UNKNOWN, {"vct": evidence.envelope.claims["vct"]}, "/vct")
    return _judge_schema(evidence.reading, evidence.kind)


def _unreadable(rejection: Rejection) -> Finding:
    if rejection.code == "gate.version":
        # Another version of Portseal may know it: no fault of the document.
        return Finding("form.gate-version", Outcome.UNKNOWN, rejection.to_dict())
    code = "form.gate-unreadable" if rejection.code.startswith("gate.") else "form.unreadable"
    return Finding(code, Outcome.FAIL, rejection.to_dict(), rejection.pointer)


def _judge_gate(evidence: Evidence, statement: GateStatement) -> list[Finding]:
    if evidence.kind is None:
        return [Finding("form.kind-unknown", Outcome.UNKNOWN, {"vct": statement.vct})]
    try:
        statement.named()
    except Invalid as error:
        return [_unreadable(Rejection.of(error))]
    return [Finding("form.gate-good", Outcome.PASS, {"kind": evidence.kind}), Finding("form.gate-only", Outcome.WARN)]


def _judge_schema(reading: Reading | None, kind: str) -> Finding:
    if reading and reading.schema_wrong and reading.rejection:
        return Finding("form.schema", Outcome.FAIL, reading.rejection.to_dict(), reading.rejection.pointer)
    if reading is None or reading.rejection:
        return Finding("form.schema-not-checked", Outcome.UNKNOWN, {"kind": kind})
    return Finding("form.good", Outcome.PASS, {"kind": kind})


def _withheld(reading: Reading | None) -> list[Finding]:
    if reading is None or not reading.withheld:
        return []
    return [Finding("form.withheld", Outcome.WARN, {"withheld": list(reading.withheld)})]
