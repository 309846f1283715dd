"""`portseal report`: signed reports, printed, anchored and checked."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli import output
from api.cli.report_anchor import anchor
from verifier.signed_report.file import ReportFile

PrintedIn = Literal["zh", "en", "both"]
File = Annotated[Path, typer.Argument(help="The report's file.", exists=True, dir_okay=False)]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write the PDF.", dir_okay=False)]
Lang = Annotated[PrintedIn, typer.Option("--lang", help="The language of the PDF.")]

group = typer.Typer(help="Signed reports: `portseal verify FILE --report REPORT` makes them.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group.command("anchor")(anchor)
    app.add_typer(group, name="report")


@group.command("pdf")
def pdf(file: File, out: Out, lang: Lang = "both") -> None:
    """Print a report as it stands. The paper proves nothing; `portseal report check` does."""
    write_pdf(ReportFile.read(file.read_bytes()), out, lang)


@group.command("check", context_settings={"ignore_unknown_options": True}, add_help_option=False)
def check(arguments: Annotated[list[str], typer.Argument(help="See `portseal report check --help`.")]) -> None:
    """Check a report with trust roots, without any node."""
    from api.cli.ending import Ending
    from api.cli.report_check import run

    raise Ending(run(arguments))


def write_pdf(file: ReportFile, out: Path, lang: PrintedIn) -> None:
    """Print a report to a file."""
    from api.report_pdf import report_pdf  # brings reportlab, which no other command needs

    data = report_pdf(file, lang)
    out.write_bytes(data)
    output.note(f"{out}: {len(data)} bytes, report {file.digest.hex()}")
