"""Is the payload kept somewhere? With the envelope at hand this only warns."""

from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.question import Asked


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Tell whether the archive names a payload; its bytes are not read."""
    record = evidence.record
    if isinstance(record, Missing):
        return [Finding("custody.unreadable", Outcome.WARN, {"reason": record.reason})]
    if record is None or record.payload_cid is None:
        return [Finding("custody.none", Outcome.WARN)]
    return [Finding("custody.known", Outcome.PASS, {"payload_cid": record.payload_cid})]
