"""`portseal verify --offline`: a verdict from an evidence file and trust roots alone.

It stands apart from the other commands, so that it loads none of what they need: the answer is there before they are.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from api.cli.verdict_lines import exit_code, lines
from api.moment import parse
from api.seen_time import SeenTime
from api.verdict_json import verdict_json
from ledger.errors import PortsealError, Unavailable
from verifier.evidence_reading import read_evidence
from verifier.offline import offline
from verifier.question import Question
from verifier.sources import HighestTime
from verifier.subject import Subject
from verifier.trust_reading import read_trust
from verifier.verdict import Verdict

_UNKNOWN, _USAGE = 2, 64


def run(arguments: Sequence[str]) -> int:
    """Verify and return the exit code. What is wrong with a file says nothing about the document: 2, never 1."""
    return answered(_parser(), arguments, _verdict)


def answered(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str],
    judge: Callable[[argparse.Namespace], Verdict],
    beside: Callable[[argparse.Namespace], dict[str, Any]] = lambda _: {},
) -> int:
    """Read the arguments after `verify`, show the verdict on them, and return the exit code.

    beside: what was said by what was presented, as members of the answer.
    """
    try:
        given = parser.parse_args(arguments[1:])
    except SystemExit as ending:  # after help, or for wrong use
        return _USAGE if ending.code else 0
    try:
        verdict = verdict_json(judge(given)) | beside(given)
    except PortsealError as error:
        where = f" at {error.pointer}" if error.pointer else ""
        sys.stderr.write(f"{error.code}{where}: {error.detail}\n{error.mend}\n")
        return _UNKNOWN
    except OSError as error:
        sys.stderr.write(f"file: {error.filename or 'a file'}: {error.strerror}\n")
        return _UNKNOWN
    if given.json:
        sys.stdout.write(json.dumps(verdict, ensure_ascii=False, indent=2) + "\n")
    else:
        language = "zh" if given.language.startswith("zh") else "en"
        sys.stdout.writelines(f"{text}\n" for text, _style in lines(verdict, language))
    return exit_code(verdict)


def asked(given: argparse.Namespace) -> Question:
    """Return the question. Raises Invalid `question.time`, `country.form` and those of `parse`."""
    at, known_at = (parse(text) if text else None for text in (given.at, given.known_at))
    return Question(at, known_at, given.relying_country)


def question_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of every question."""
    parser.add_argument("--relying-country", help="ISO 3166 code of the country that relies on it.")
    parser.add_argument("--at", help="As of this time: RFC 3339, or seconds since the epoch.")
    parser.add_argument("--known-at", help="As it was known at this time.")
    parser.add_argument("--language", default="en", help="zh or en.")
    parser.add_argument("--json", action="store_true", help="Print JSON, for programs.")


def _verdict(given: argparse.Namespace) -> Verdict:
    file, roots = read_evidence(Path(given.file).read_bytes()), read_trust(Path(given.trust).read_bytes())
    seen = SeenTime(Path(given.seen or f"{given.trust}.seen"))
    highest = HighestTime(max(seen.read(), roots.time))
    subject = file.subject
    if given.envelope is not None:
        subject = Subject.presented(Path(given.envelope).read_bytes().strip(b" \t\r\n"))
    verdict = offline(file, roots, highest_time=highest).verify(subject, asked(given))
    # Before anybody is told anything: what was seen stays seen.
    _keep(seen, highest.raised_to(0), is_asked_for=given.seen is not None)
    return verdict


def _keep(seen: SeenTime, time: int, *, is_asked_for: bool) -> None:
    try:
        seen.keep(time)
    except Unavailable as error:
        if is_asked_for:
            raise
        sys.stderr.write(f"{error.detail}: a clock that is set back will not be found out\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("portseal verify", description="Verify an evidence file without a node.")
    parser.add_argument("file", help="The evidence file.")
    parser.add_argument("--offline", action="store_true", help="Ask nobody.")
    parser.add_argument("--trust", required=True, help="File of trust roots, from your own node or compared with it.")
    parser.add_argument("--seen", help="File that keeps the highest time seen; without it, TRUST.seen.")
    parser.add_argument("--envelope", help="File of the envelope, where the evidence does not hold it.")
    question_options(parser)
    return parser
