"""`portseal verify`: is it authentic, can it be used, and why."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import options, output, reports
from api.cli.bulk import verify_file
from api.cli.client import Client
from api.cli.ending import Ending
from api.cli.reports import PrintedIn
from api.cli.scanned import SCANNED
from api.cli.verdict_lines import exit_code as exit_code
from api.cli.verdict_lines import lines
from api.verdict_json import with_times
from ledger.errors import Unavailable
from verifier.signed_report.file import ReportFile
from verifier.signed_report.reading import read_report
from verifier.subject import Subject as VerifiedSubject
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots

_DIGEST_LENGTH = 64
Subject = Annotated[
    str, typer.Argument(help="An envelope's file, - for standard input, a digest (64 hex), a QR code's text.")
]
OptionalSubject = Annotated[
    str | None, typer.Argument(help="An envelope's file, - for standard input, a digest (64 hex), a QR code's text.")
]
Bulk = Annotated[
    Path | None,
    typer.Option("--bulk", help="A file of many, a line each: envelopes, or JSON as the API takes it.", dir_okay=False),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="With --bulk: where the answers go.", dir_okay=False)]
Resume = Annotated[bool, typer.Option("--resume", help="With --bulk: go on with a file of answers that was cut.")]
Country = Annotated[
    str | None, typer.Option("--relying-country", help="ISO 3166 code of the country that relies on it.")
]
Proved = Annotated[
    bool | None, typer.Option("--proved/--not-proved", help="Believe only what is proved; else as the node is set.")
]
Language = Annotated[str, typer.Option("--language", help="zh or en.", envvar="PORTSEAL_LANGUAGE")]
Report = Annotated[Path | None, typer.Option("--report", help="Keep a signed report in this file.", dir_okay=False)]
Pdf = Annotated[Path | None, typer.Option("--pdf", help="Print the report to this file.", dir_okay=False)]
ForTrust = Annotated[
    Path | None,
    typer.Option("--for-trust", help="Trust roots that will check the report: hand-overs since go in.", dir_okay=False),
]
PdfLanguage = Annotated[PrintedIn, typer.Option("--lang", help="The language of the PDF.")]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("verify")(verify)


def verify(
    subject: OptionalSubject = None,
    bulk: Bulk = None,
    out: Out = None,
    resume: Resume = False,
    relying_country: Country = None,
    at: options.At = None,
    known_at: options.KnownAt = None,
    proved: Proved = None,
    language: Language = "en",
    report: Report = None,
    pdf: Pdf = None,
    lang: PdfLanguage = "both",
    for_trust: ForTrust = None,
    node: options.Node = None,
    api_key: options.ApiKey = None,
    trust: options.Trust = None,
    json: options.Json = False,
) -> None:
    """Verify a document. Ends with 0 usable, 1 invalid, 2 indeterminate or unknown, 3 authentic but not usable.

    Many with `--bulk FILE -o ANSWERS`: the last answer is a signed summary; the worst line decides how it ends.

    Without a node: `portseal verify FILE --offline --trust TRUST`, of a file that `portseal evidence` wrote. With an
    API key a report names who asked.
    """
    if bulk is not None:
        if subject is not None or out is None:
            raise typer.BadParameter("--bulk FILE stands in place of a subject; -o FILE says where the answers go")
        asked = Asking("", relying_country, at, known_at).given()
        verify_file(Client(node, api_key), bulk, out, asked, resume=resume, trust=trust)
    if subject is None or out is not None:
        raise typer.BadParameter("name what is to be verified; -o goes with --bulk")
    question = Asking(subject, relying_country, at, known_at, proved)
    if report is None and pdf is None:
        verdict = ask(Client(node), question)
    else:
        trusted = read_trust(for_trust.read_bytes()) if for_trust else None
        file = ask_for_report(Client(node, api_key), question, trusted)
        verdict = keep(file, report, pdf, lang)
    if json:
        output.as_json(verdict)
    else:
        show(verdict, "zh" if language.startswith("zh") else "en")
    raise Ending(exit_code(verdict))


@dataclass(frozen=True)
class Asking:
    """What is asked about a file or a digest."""

    subject: str
    relying_country: str | None = None
    at: str | None = None
    known_at: str | None = None
    proved: bool | None = None

    def given(self) -> dict[str, str]:
        """Return the parts of the question that were given."""
        given = (("relying_country", self.relying_country), ("at", self.at), ("known_at", self.known_at))
        return {name: value for name, value in given if value}

    def body(self) -> dict[str, str]:
        """Return what the node is sent."""
        asked = self.given()
        if is_digest(self.subject):
            return {**asked, "digest": self.subject.lower()}
        if self.subject.startswith(SCANNED):
            return {**asked, "qr": self.subject}
        return {**asked, "envelope": read(self.subject).decode("utf-8", "replace").strip()}


def ask(client: Client, question: Asking) -> dict[str, Any]:
    """Return the node's verdict on a file or a digest."""
    params = {} if question.proved is None else {"proved": str(question.proved).lower()}
    verdict: dict[str, Any] = client.post("/v1/verifications", question.body(), **params)
    return verdict


def ask_for_report(client: Client, question: Asking, trusted: TrustRoots | None = None) -> ReportFile:
    """Return the node's report on a file or a digest. Raises Unavailable `node.answer` for another document's.

    trusted: the roots that will check it, if older than who signs now.
    """
    body, params = question.body(), {"report": "true"}
    if trusted is not None:
        params["trusted_block"] = str(trusted.block)
    answer = client.request("POST", "/v1/verifications", json=body, params=params)
    file = ReportFile.read(answer.content)
    digest = body.get("digest") or _digest_of(body)
    if read_report(file.jws).claims["document"]["digest"] != digest:
        raise Unavailable("node.answer", "the node gave a report on another document", mend="ask another node")
    return file


def keep(file: ReportFile, report: Path | None, pdf: Path | None, lang: PrintedIn) -> dict[str, Any]:
    """Write a report, and print it, where that is wanted; return its verdict for people."""
    if report is not None:
        report.write_bytes(file.encode())
        output.note(f"{report}: report {file.digest.hex()}; check it with `portseal report check`")
    if pdf is not None:
        reports.write_pdf(file, pdf, lang)
    return with_times(read_report(file.jws).claims["verdict"])


def _digest_of(body: dict[str, str]) -> str | None:
    qr = body.get("qr")
    subject = VerifiedSubject.scanned(qr) if qr else VerifiedSubject.presented(body["envelope"])
    return subject.digest.hex() if subject.digest else None


def read(name: str) -> bytes:
    """Return a file's bytes, or standard input's for `-`."""
    if name == "-":
        return sys.stdin.buffer.read()
    if not Path(name).is_file():
        raise typer.BadParameter(f"{name} is neither a file nor a digest of 64 hex characters")
    return Path(name).read_bytes()


def is_digest(subject: str) -> bool:
    """Tell whether it is a digest and no file."""
    return len(subject) == _DIGEST_LENGTH and not Path(subject).exists()


def show(verdict: dict[str, Any], language: str) -> None:
    """Print a verdict for people."""
    for text, style in lines(verdict, language):
        output.line(text, style)
