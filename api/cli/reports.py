"""`portseal report`: signed reports, printed, anchored and checked."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli import output
from api.cli.report_anchor import anchor
from verifier.finding import Finding
from verifier.signed_report.anchor import proved_anchor
from verifier.signed_report.file import ReportFile
from verifier.trust_reading import read_trust

PrintedIn = Literal["zh", "en", "both"]
File = Annotated[Path, typer.Argument(help="The report's file.", exists=True, dir_okay=False)]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write the PDF.", dir_okay=False)]
Lang = Annotated[PrintedIn, typer.Option("--lang", help="The language of the PDF.")]
Trust = Annotated[
    Path | None,
    typer.Option("--trust", help="Trust roots: the anchor's time is printed, proved.", exists=True, dir_okay=False),
]

group = typer.Typer(help="Signed reports: `portseal verify FILE --report REPORT` makes them.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group.command("anchor")(anchor)
    app.add_typer(group, name="report")


@group.command("pdf")
def pdf(file: File, out: Out, lang: Lang = "both", trust: Trust = None) -> None:
    """Print a report as it stands. The paper proves nothing; `portseal report check` does."""
    report = ReportFile.read(file.read_bytes())
    roots = read_trust(trust.read_bytes()) if trust else None
    anchor = proved_anchor(report.digest, report.anchor, roots) if roots and report.anchor else None
    write_pdf(report, out, lang, anchor)


@group.command("check", context_settings={"ignore_unknown_options": True}, add_help_option=False)
def check(arguments: Annotated[list[str], typer.Argument(help="See `portseal report check --help`.")]) -> None:
    """Check a report with trust roots, without any node."""
    from api.cli.ending import Ending
    from api.cli.report_check import run

    raise Ending(run(arguments))


def write_pdf(file: ReportFile, out: Path, lang: PrintedIn, anchor: Finding | None = None) -> None:
    """Print a report to a file, with the anchor that was found to be proved."""
    from api.report_pdf import report_pdf  # brings reportlab, which no other command needs

    data = report_pdf(file, lang, anchor=anchor)
    out.write_bytes(data)
    output.note(f"{out}: {len(data)} bytes, report {file.digest.hex()}")
