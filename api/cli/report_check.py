"""`portseal report check`: whether a report is what its authority signed, and whether its verdict comes out again.

Like `portseal verify --offline` it stands apart from the other commands, and asks nobody.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.cli.verdict_lines import lines
from api.moment import show
from api.verdict_json import with_times
from contracts.keccak import keccak
from ledger.errors import PortsealError, Unavailable
from verifier.evidence_reading import read_evidence, read_hand_overs
from verifier.finding import Finding
from verifier.hand_over import follow
from verifier.hand_over_file import HandOverFile
from verifier.signed_report.anchor import existed_by
from verifier.signed_report.checking import CheckedReport, check_report
from verifier.signed_report.difference import Difference
from verifier.signed_report.file import ReportFile
from verifier.subject import Subject
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots

_FAILED, _UNKNOWN, _USAGE = 1, 2, 64
_LONGEST = 200


def run(arguments: Sequence[str]) -> int:
    """Check and return the exit code: 0 as it should be, 1 not, 2 it cannot be told, 64 wrong use."""
    try:
        given = _parser().parse_intermixed_args(arguments)
    except SystemExit as ending:  # after help, or for wrong use
        return _USAGE if ending.code else 0
    try:
        file = ReportFile.read(Path(given.file).read_bytes())
        presented, nodes, hand_overs = _beside(given)
        roots = _newer(read_trust(Path(given.trust).read_bytes()), hand_overs)
    except PortsealError as error:
        return _told(error, _UNKNOWN)
    except OSError as error:
        sys.stderr.write(f"file: {error.filename or 'a file'}: {error.strerror}\n")
        return _UNKNOWN
    try:
        checked = check_report(file, roots, presented, nodes)
    except PortsealError as error:
        return _told(error, _UNKNOWN if isinstance(error, Unavailable) else _FAILED)
    _show(file, checked, given)
    if checked.differences:
        return _FAILED
    return _UNKNOWN if checked.anchor and existed_by(checked.anchor) is None else 0


def _beside(given: argparse.Namespace) -> tuple[Subject | None, tuple[bytes, ...], list[HandOverFile]]:
    """The document, from a file of its own or from its evidence; what that has of the state; who handed over since."""
    evidence = read_evidence(Path(given.evidence).read_bytes()) if given.evidence else None
    nodes = evidence.nodes if evidence else ()
    hand_overs = [evidence.handing_over] if evidence else []
    if given.hand_overs:
        hand_overs.append(read_hand_overs(Path(given.hand_overs).read_bytes()))
    if given.document:
        return Subject.presented(Path(given.document).read_bytes().strip(b" \t\r\n")), nodes, hand_overs
    return evidence.subject if evidence and evidence.envelope else None, nodes, hand_overs


def _newer(roots: TrustRoots, files: Sequence[HandOverFile]) -> TrustRoots:
    """Return the roots as far as the hand-overs lead; those that do not count do no harm."""
    for file in files:
        if (file.chain_id, file.genesis_hash) == (roots.chain_id, roots.genesis_hash):
            roots = follow(roots, file.hand_overs, {keccak(node): node for node in file.nodes}).roots
    return roots


def _show(file: ReportFile, checked: CheckedReport, given: argparse.Namespace) -> None:
    claims = checked.report.claims
    if given.json:
        sys.stdout.write(json.dumps(_as_json(file, checked), ensure_ascii=False, indent=2) + "\n")
        return
    language = "zh" if given.language.startswith("zh") else "en"
    made, block = claims["made"], claims["block"]
    told = [
        f"report     {file.digest.hex()}",
        f"signed by  {made['by']}, key {checked.report.token.kid}, in service in the block {block['number']}",
        f"block      {block['number']} {block['hash']}, final by these trust roots",
        *(_of_anchor(one, language) for one in [checked.anchor] if one),
        _of_verdict(checked),
        *(f"difference {_line(one)}" for one in checked.differences),
        *(f"note       {note}" for note in checked.notes),
        *(text for text, _style in lines(with_times(claims["verdict"]), language)),
    ]
    sys.stdout.writelines(f"{line}\n" for line in told)


def _of_anchor(anchor: Finding, language: str) -> str:
    existed = existed_by(anchor)
    if existed is None:
        sentence = anchor.entry.zh if language == "zh" else anchor.entry.en
        return f"anchor     NOT PROVED, {anchor.code}: {sentence}"
    facts = anchor.facts
    return f"anchor     existed by {show(existed)}: anchored by {facts['anchored_by']}, batch {facts['root']}"


def _of_verdict(checked: CheckedReport) -> str:
    if checked.again is None:
        return "verdict    not made again: the document that was presented then is needed for it"
    return f"verdict    made again, {'NOT THE SAME' if checked.differences else 'the same in every finding'}"


def _line(difference: Difference) -> str:
    stated, found = (json.dumps(one, ensure_ascii=True)[:_LONGEST] for one in (difference.stated, difference.found))
    return f"{difference.pointer}: the report states {stated}, found was {found}"


def _as_json(file: ReportFile, checked: CheckedReport) -> dict[str, Any]:
    return {
        "report": file.digest.hex(),
        "signed_by": checked.report.claims["made"]["by"],
        "kid": checked.report.token.kid,
        "made_again": checked.again is not None,
        "differences": [one.to_dict() for one in checked.differences],
        "notes": list(checked.notes),
        "existed_by": show(existed_by(checked.anchor)),
        "anchor": _anchor_json(checked.anchor) if checked.anchor else None,
        "claims": checked.report.claims,
    }


def _anchor_json(anchor: Finding) -> dict[str, Any]:
    return {"code": anchor.code, "outcome": anchor.outcome.value, "facts": dict(anchor.facts)}


def _told(error: PortsealError, code: int) -> int:
    where = f" at {error.pointer}" if error.pointer else ""
    sys.stderr.write(f"{error.code}{where}: {error.detail}\n{error.mend}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("portseal report check", description="Check a signed report without a node.")
    parser.add_argument("file", help="The report's file.")
    parser.add_argument("document", nargs="?", help="The document as it was presented then; its verdict is made again.")
    parser.add_argument("--trust", required=True, help="File of trust roots, from your own node or compared with it.")
    parser.add_argument("--evidence", help="An evidence file that holds the document, in place of it.")
    parser.add_argument("--hand-overs", help="File of hand-overs that lead from the trust roots to who signed.")
    parser.add_argument("--language", default="en", help="zh or en.")
    parser.add_argument("--json", action="store_true", help="Print JSON, for programs.")
    return parser
