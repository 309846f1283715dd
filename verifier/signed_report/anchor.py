"""Whether a report existed at a time: its anchor, as an evidence file on its name has it, by pinned roots alone."""

from ledger.errors import Unavailable
from verifier.checks.anchoring import check
from verifier.evidence_file import EvidenceFile
from verifier.finding import Finding
from verifier.gather import gather, read_head
from verifier.missing import Missing
from verifier.offline import offline
from verifier.outcome import Outcome
from verifier.question import Asked
from verifier.subject import Subject
from verifier.trust_roots import TrustRoots


def judge_anchor(digest: bytes, evidence: EvidenceFile, roots: TrustRoots) -> Finding:
    """Return the finding on the anchor of a report's name, by the check that judges the anchors of documents.

    It passes as `anchoring.final`, with `anchored_at`, or is unknown: nobody signed a path that leads nowhere.
    """
    verifier = offline(evidence, roots)
    head = read_head(verifier.sources)
    read_at = 0 if isinstance(head, Missing) else head.timestamp
    found = gather(Subject.named(digest), verifier.sources, head, read_at)
    [finding] = check(found, Asked(at=read_at, freshness=0))
    return finding


def proved_anchor(digest: bytes, evidence: EvidenceFile, roots: TrustRoots) -> Finding:
    """Return the finding on an anchor that is proved. Raises Unavailable `report.anchor` for another one."""
    found = judge_anchor(digest, evidence, roots)
    if existed_by(found) is None:
        detail = f"the anchor is not proved by these trust roots: {found.entry.en} ({found.code})"
        raise Unavailable("report.anchor", detail, mend="bring the trust roots up to date, or ask another node")
    return found


def existed_by(finding: Finding | None) -> int | None:
    """Return the block time by which the report existed; None where that is not proved."""
    return int(finding.facts["anchored_at"]) if finding and finding.outcome is Outcome.PASS else None
