"""`portseal verify FILE --pack DIR`: a verdict at a gate without a line, from the device's pack alone, and kept.

Like api/cli/offline.py it stands apart from the other commands, so that it loads none of what they need.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from anchors.inclusion import read_inclusion
from api.cli.offline import answered, asked, question_options
from api.cli.scanned import SCANNED, said
from api.device.device import Device
from api.device.verdicts import Verdicts
from verifier.evidence_reading import read_evidence
from verifier.pack.anchored import Anchored, ByEvidence, NotKnown
from verifier.pack.by_hour import ByHour
from verifier.pack.gate import at_the_gate
from verifier.pack.limits import RISKS
from verifier.sources import HighestTime
from verifier.subject import Subject
from verifier.verdict import Verdict

_CBOR_MAP = 0xA0
"""The major type of an evidence file's first byte; an envelope is ASCII."""


def run(arguments: Sequence[str]) -> int:
    """Verify and return the exit code, as `portseal verify --offline` does."""
    return answered(_parser(), arguments, _verdict, lambda given: said(given.file))


def _verdict(given: argparse.Namespace) -> Verdict:
    device = Device(Path(given.pack))
    pack = device.pack
    subject, anchored = _presented(given, device)
    seen = HighestTime(device.highest_time)
    verifier = at_the_gate(pack, anchored, risk=given.risk, clock=device.clock, highest_time=seen)
    verdict = verifier.verify(subject, asked(given))
    Verdicts(device).keep(verdict, pack, given.risk)
    return verdict


def _presented(given: argparse.Namespace, device: Device) -> tuple[Subject, Anchored]:
    if given.file.startswith(SCANNED):
        return Subject.scanned(given.file), NotKnown()
    data = Path(given.file).read_bytes()
    evidence = Path(given.evidence).read_bytes() if given.evidence else None
    if evidence is None and data[:1] and data[0] >= _CBOR_MAP:
        data, evidence = b"", data
    file = read_evidence(evidence) if evidence is not None else None
    subject = Subject.presented(data.strip(b" \t\r\n")) if data or file is None else file.subject
    if file is not None:
        return subject, ByEvidence(file, device.roots)
    inclusion = _inclusion(given)
    return subject, ByHour(read_inclusion(inclusion.read_bytes()), device.pack) if inclusion else NotKnown()


def _inclusion(given: argparse.Namespace) -> Path | None:
    """Return the file that was named; else the one beside the envelope, where `portseal inclusion` puts it."""
    if given.inclusion:
        return Path(given.inclusion)
    file = Path(f"{given.file}.inclusion")
    return file if file.is_file() else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("portseal verify", description="Verify at the gate, with the device's pack.")
    parser.add_argument("file", help="The envelope, an evidence file that holds it, or a QR code's text.")
    parser.add_argument("--pack", required=True, metavar="DIR", help="The device's folder: `portseal gate enrol`.")
    parser.add_argument("--evidence", help="Evidence file of the document, where FILE is the envelope.")
    parser.add_argument("--inclusion", help="File of the document's place; else FILE.inclusion.")
    parser.add_argument("--risk", default="normal", choices=RISKS, help="How much rides on it: how old a pack may be.")
    question_options(parser)
    return parser
