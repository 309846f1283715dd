"""Checking a report without its signer: a file and trust roots are all that is looked at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from contracts.keccak import keccak
from ledger.block import Block
from ledger.compact_jws import check_signature
from ledger.errors import Invalid, Unavailable
from ledger.registry_names import AUTHORITIES
from verifier.evidence_file import EvidenceFile
from verifier.file_state import FileState
from verifier.finding import Finding
from verifier.offline import offline
from verifier.policy import DEFAULT
from verifier.record import Record
from verifier.signed_report.anchor import existed_by, judge_anchor
from verifier.signed_report.claims import judged_claims
from verifier.signed_report.difference import Difference, differences
from verifier.signed_report.file import ReportFile
from verifier.signed_report.policy_claims import policy_claims
from verifier.signed_report.reading import Report, read_report
from verifier.signer_facts import read_signer, unknown_key
from verifier.sources import Archive, HighestTime
from verifier.subject import Subject
from verifier.trust_roots import TrustRoots
from verifier.verdict import Verdict
from verifier.verify import Verifier

_OF_WORDS = {"text", "remedy"}
_OF_ROOTS = {"signers", "of"}


@dataclass(frozen=True)
class CheckedReport:
    """A report that its authority signed, with a key that was in service, as of a block that is final.

    again: the verdict made again; None where the document that it is about was not at hand. differences: between what
    is stated and what was found again. notes: for people, what is otherwise than when it was made and changes nothing.
    anchor: what was found of the anchor that the file holds; None where it holds none.
    """

    report: Report
    again: Verdict | None
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]
    anchor: Finding | None = None


def check_report(
    file: ReportFile, roots: TrustRoots, presented: Subject | None = None, nodes: Iterable[bytes] = ()
) -> CheckedReport:
    """Check a report, and make its verdict again if the document is at hand or was never needed.

    1. Its form.
    2. The block that it rests on is final by the pinned roots.
    3. The key is its authority's, under that block's state root, and made the signature.
    4. Its anchor, if the file has one: that changes nothing of the report, and says since when it exists.
    5. The verdict again, from the same state, by the same policy, clock and question.

    presented: the document, as it was presented then. nodes: of the state, beside those in the file; none is believed.
    Raises Invalid `report.*` for a report that is not what it says, Unavailable (`finality.*`, `evidence.*`,
    `report.block`) where these roots and this proof cannot tell.
    """
    # 1. Its form.
    report = read_report(file.jws)
    known = {keccak(node): node for node in (*file.proof.nodes, *nodes)}
    verifier = _verifier(report, file, roots, known)
    # 2. The block.
    block = verifier.sources.facts.head()
    _check_block(report, block, roots.form)
    # 3. The key and the signature.
    _check_signature(report, FileState(roots, known), block)
    # 4. Its anchor.
    anchor = judge_anchor(file.digest, file.anchor, roots) if file.anchor else None
    # 5. The verdict again.
    subject = _subject(report, presented)
    if subject is None:
        return CheckedReport(report, None, tuple(_of_policy(report)), tuple(_of_time(report, anchor)), anchor)
    again = verifier.verify(subject, report.question)
    found, stated = judged_claims(again, subject), {name: report.claims[name] for name in ("document", "verdict")}
    different = (*_of_policy(report), *differences(_essence(stated), _essence(found)))
    notes = (*_of_time(report, anchor), *_notes(stated, found))
    return CheckedReport(report, again, different, notes, anchor)


@dataclass(frozen=True)
class _Stated:
    """The archive as the report states it: a report on a document that nobody had registered says so too."""

    registered: bool
    archive: Archive

    def find(self, digest: bytes) -> Record | None:
        return self.archive.find(digest) if self.registered else None


def _verifier(report: Report, file: ReportFile, roots: TrustRoots, nodes: dict[bytes, bytes]) -> Verifier:
    chain, made_at = report.claims["chain"], report.claims["made"]["at"]
    evidence = EvidenceFile(
        chain_id=chain["id"],
        genesis_hash=bytes.fromhex(chain["genesis"][2:]),
        digest=report.digest or b"",
        envelope=None,
        record=report.record or Record("", ""),
        finality=file.proof.finality,
        nodes=tuple(nodes.values()),
        hand_overs=file.proof.hand_overs,
    )
    # How old its block was is counted by the report's own clock, whatever was seen since.
    verifier = offline(evidence, roots, policy=report.policy, clock=lambda: made_at, highest_time=HighestTime())
    archive = _Stated(report.record is not None, verifier.sources.archive)
    return replace(verifier, sources=replace(verifier.sources, archive=archive))


def _check_block(report: Report, block: Block, form: str) -> None:
    stated = report.claims["block"]
    found = {
        "number": block.number,
        "hash": f"0x{block.hash.hex()}",
        "time": block.timestamp,
        "state_root": f"0x{block.state_root.hex()}",
    }
    if stated != found or report.claims["finality"]["form"] != form:
        detail = f"the proof is of the block {block.number}, the report says another one or says something else of it"
        raise Unavailable("report.block", detail, mend="get the report's file again, with the proof that belongs to it")


def _check_signature(report: Report, state: FileState, block: Block) -> None:
    made, token = report.claims["made"], report.token
    if made["at"] < block.timestamp:
        detail = "the report says that it was made before the block that it rests on"
        raise Invalid("report.time", detail, pointer="/made/at", mend="do not rely on this report")
    signer = read_signer(state.words(AUTHORITIES, block), report.thumbprint)
    if signer is None:
        raise unknown_key(token.kid)
    check_signature(token, signer.check(made["by"], (block.timestamp, made["at"])), family="report")


def _subject(report: Report, presented: Subject | None) -> Subject | None:
    if presented is not None and presented.digest != report.digest:
        detail = "the report is about another document than the one presented"
        raise Invalid("report.other-document", detail, pointer="/document/digest", mend="find the report's document")
    return report.bare or presented


def _of_policy(report: Report) -> Iterator[Difference]:
    """A policy under the name of one that is known here has to be that one."""
    if report.policy.version == DEFAULT.version and report.policy != DEFAULT:
        yield from differences(report.claims["policy"], policy_claims(DEFAULT), "/policy")


def _essence(claims: Any) -> Any:
    """Leave out the sentences, which are the edition's, and who made the block final, which the roots count."""
    if isinstance(claims, list):
        return [_essence(one) for one in claims]
    if not isinstance(claims, dict):
        return claims
    left_out = _OF_ROOTS if "form" in claims and "block_time" in claims else _OF_WORDS if "code" in claims else set()
    return {name: _essence(one) for name, one in claims.items() if name not in left_out}


def _of_time(report: Report, anchor: Finding | None) -> Iterator[str]:
    made_at, existed = report.claims["made"]["at"], existed_by(anchor)
    if existed is not None and made_at > existed:
        yield f"it says that it was made at {made_at}, and was anchored {made_at - existed} s before that"


def _notes(stated: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    findings = zip(stated["verdict"]["findings"], found["verdict"]["findings"], strict=False)
    reworded = [one["code"] for one, other in findings if any(one[name] != other[name] for name in _OF_WORDS)]
    if reworded:
        yield f"this edition words {', '.join(dict.fromkeys(reworded))} otherwise"
    before, now = stated["verdict"]["finality"], found["verdict"]["finality"]
    if before and now and any(before[name] != now[name] for name in _OF_ROOTS):
        yield f"by these trust roots {len(now['signers'])} of {now['of']} made the block final"
