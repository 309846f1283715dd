"""`portseal verify --bulk`: a file of envelopes, or of questions, answered line by line with a signed summary."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NoReturn
from urllib.parse import urlencode

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from api.cli import output
from api.cli.client import Client
from api.cli.ending import Ending
from api.cli.signed_answers import checked
from ledger.errors import Invalid, PortsealError, Refused

_PIECE = 64 * 1024


@dataclass
class BulkFile:
    """The file of answers: what stands in it from a run that was cut, and what is added. answered: lines in it."""

    path: Path
    answered: int = 0
    summary: dict[str, Any] | None = None
    _rest: bytearray = field(default_factory=bytearray)
    _hash: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        """Of the answers of this run, without its summary."""
        return str(self._hash.hexdigest())

    def prepare(self, resume: bool) -> None:
        """Begin the file; or keep its whole lines. Raises Refused `file.exists`, Invalid `bulk.done`."""
        if not resume:
            if self.path.exists():
                mend = "name another file, or go on with --resume"
                raise Refused("file.exists", f"the file {self.path.name} exists already", mend=mend)
            self.path.write_bytes(b"")
            return
        kept = 0
        with self.path.open("r+b") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                if b'"summary"' in line[:12]:
                    raise Invalid("bulk.done", f"{self.path.name} has its summary", mend="name another file with -o")
                # What ended a run early is no answer to a line.
                if line.startswith(b'{"line":null'):
                    break
                kept, self.answered = kept + len(line), self.answered + 1
            file.truncate(kept)

    def add(self, piece: bytes, file: BinaryIO) -> int:
        """Take a piece of the answer; return how many lines ended in it."""
        self._rest += piece
        *lines, rest = self._rest.split(b"\n")
        self._rest = bytearray(rest)
        for line in lines:
            file.write(line + b"\n")
            if line.startswith(b'{"summary":'):
                self.summary = json.loads(line)["summary"]
            else:
                self._hash.update(line + b"\n")
                self.answered += not line.startswith(b'{"line":null')
        return len(lines)


def verify_file(
    client: Client, source: Path, out: Path, asked: Mapping[str, str], *, resume: bool, trust: Path | None
) -> NoReturn:
    """Verify every line of `source`, and write the answers to `out`. Ends as `portseal verify`, by the worst line.

    Raises as Client.request; Refused `file.exists`; Invalid `bulk.*`, `answer.*`.
    """
    file = BulkFile(out)
    file.prepare(resume)
    before = file.answered
    lines = _Lines(source, before)
    whole = _run(client, file, lines, {**asked, "first": str(before + 1)})
    if file.summary is None or not whole or not file.summary["complete"]:
        output.note(f"Cut after line {file.answered}; what is answered stands in {out.name}. Go on with --resume.")
        raise Ending(2)
    for name, value in checked(client, file.summary, trust).notes:
        output.note(f"{name} {value}")
    if (file.summary["sha256_in"], file.summary["sha256_out"]) != (lines.sha256, file.sha256):
        what = "the summary is about other lines than were sent or received"
        raise Invalid("bulk.summary", what, mend="verify again; if it stays so, ask another node")
    if before:
        output.note(
            f"Lines 1 to {before} were answered in an earlier run; the signed summary is about those after them."
        )
    _show(file.summary)
    raise Ending(_exit_code(file.summary))


class _Lines:
    """The lines that are sent, those after the first `skip`; blank ones are none."""

    def __init__(self, source: Path, skip: int) -> None:
        self._source, self._skip = source, skip
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of the lines sent, as the node counts them."""
        return self._hash.hexdigest()

    def count(self) -> int:
        """Return how many there are in the whole file."""
        with self._source.open("rb") as file:
            return sum(1 for line in file if line.strip())

    def pieces(self) -> Iterator[bytes]:
        """Yield them, several at a time. A bare envelope becomes the JSON that holds it."""
        piece, number = bytearray(), 0
        with self._source.open("rb") as file:
            for line in file:
                number += bool(line.strip())
                if line.strip() and number > self._skip:
                    piece += self._sent(line.rstrip(b"\n"))
                if len(piece) >= _PIECE:
                    yield bytes(piece)
                    piece.clear()
        if piece:
            yield bytes(piece)

    def _sent(self, line: bytes) -> bytes:
        bare = line.strip()
        if bare.startswith(b"eyJ") and bare.isascii():
            line = json.dumps({"envelope": bare.decode("ascii")}).encode()
        self._hash.update(line + b"\n")
        return line + b"\n"


def _run(client: Client, file: BulkFile, lines: _Lines, params: Mapping[str, str]) -> bool:
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with file.path.open("ab") as out, Progress(*columns, console=output.err, transient=True) as progress:
        task = progress.add_task("lines", total=lines.count(), completed=file.answered)

        def take(piece: bytes) -> None:
            if file.add(piece, out):
                progress.update(task, completed=file.answered)

        try:
            return client.post_both_ways(f"/v1/verifications/bulk?{urlencode(params)}", lines.pieces(), take)
        except PortsealError as error:
            if not file.answered:
                raise
            output.error(error)
            return False


def _exit_code(summary: Mapping[str, Any]) -> int:
    if summary["authentic"].get("INVALID"):
        return 1
    if summary["problems"] or summary["authentic"].get("INDETERMINATE") or summary["usable"].get("UNKNOWN"):
        return 2
    return 0 if summary["usable"].get("ACTIVE", 0) == summary["verdicts"] else 3


def _show(summary: Mapping[str, Any]) -> None:
    output.fields(
        [
            ("lines", summary["lines"]),
            *((axis, _counts(summary[axis])) for axis in ("authentic", "usable", "problems")),
            ("not well", _counts(summary["codes"])),
            ("as of blocks", ", ".join(str(one["block"]) for one in summary["as_of"]["blocks"])),
            ("signed by", summary["answered_by"]),
        ]
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
