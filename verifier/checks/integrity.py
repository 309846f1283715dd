"""Is it what the issuer signed? Signature by the registered key, and every disclosure (RFC 9901 §7.1)."""

from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.outcome import Outcome
from verifier.question import Asked
from verifier.reading import Reading


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Judge the envelope against the registered key; attachments are not needed for it."""
    if evidence.subject.rejection:
        return [Finding("integrity.not-checked", Outcome.SKIPPED)]
    signed = evidence.signed
    if signed is None:
        return [Finding("integrity.not-presented", Outcome.UNKNOWN)]
    if evidence.reading is None:
        return [Finding("integrity.key-missing", Outcome.UNKNOWN, {"kid": signed.kid})]
    if evidence.gate and evidence.reading.believed:
        return [Finding("integrity.gate-good", Outcome.PASS, {"kid": signed.kid})]
    return [_judge(evidence.reading, signed.kid)]


def _judge(reading: Reading, kid: str) -> Finding:
    if reading.kind_unknown:
        return Finding("integrity.kind-unknown", Outcome.UNKNOWN, {"kid": kid})
    if reading.rejection is None or reading.schema_wrong:
        return Finding("integrity.good", Outcome.PASS, {"kid": kid})
    code = "integrity.signature" if reading.signature_wrong else "integrity.disclosures"
    return Finding(code, Outcome.FAIL, {"kid": kid, **reading.rejection.to_dict()}, reading.rejection.pointer)
