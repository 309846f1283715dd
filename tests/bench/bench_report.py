"""How long a signed report takes to be made, checked and printed, and how large it is.

`python -m tests.bench.bench_report [count]`: one final bill of a consortium of four on the embedded chain, nothing kept
from one report to the next. Times are of the processor.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

from api.pdf.fonts import fonts
from api.report_pdf import report_pdf
from tests.consortium import Consortium
from tests.verifier.file_twin import file_of
from tests.verifier.report_case import ReportCase
from verifier.question import Question
from verifier.signed_report.checking import check_report
from verifier.signed_report.file import ReportFile
from verifier.subject import Subject


def timed(name: str, work: Callable[[], Any], count: int) -> Any:
    """Print what one takes; return the last result."""
    work()
    started = process_time()
    for _ in range(count):
        result = work()
    milliseconds = (process_time() - started) / count * 1e3
    print(f"  {name:<44}{milliseconds:>9.2f} ms{1e3 / milliseconds:>9.0f} /s")
    return result


def measure(case: ReportCase, count: int) -> None:
    """Print the table."""
    envelope = case.anchored()
    subject, roots = Subject.presented(envelope.serialize()), case.roots
    maker = case.maker()
    print(f"one bill, {count} times, one core (load {os.getloadavg()[0]:.1f})")
    file = timed("make", lambda: maker.make(subject, Question()), count)
    data = file.encode()
    print(f"  the file {len(data)} bytes: report {len(file.jws)}, proof {len(file.proof.encode())}", end="")
    print(f", {len(file.proof.nodes)} nodes")
    timed("read and check signature, key and finality", lambda: check_report(ReportFile.read(data), roots), count)
    timed("the same, and the verdict again", lambda: check_report(ReportFile.read(data), roots, subject), count)
    case.anchor_report(file.digest)
    whole = replace(file, anchor=file_of(case, Subject.named(file.digest))).encode()
    print(f"  with its anchor {len(whole)} bytes")
    timed("check it with its anchor", lambda: check_report(ReportFile.read(whole), roots), count)
    print(f"Chinese in {fonts().cjk}, {'embedded' if fonts().embedded else 'not embedded'}")
    for language in ("zh", "en", "both"):
        printed = timed(f"PDF, {language}", lambda language=language: report_pdf(file, language), max(count // 5, 1))
        print(f"  {len(printed)} bytes")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, Consortium.establish(Path(folder)) as consortium:
        measure(ReportCase(consortium), int(sys.argv[1]) if len(sys.argv) > 1 else 100)
