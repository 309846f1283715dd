"""The rows of a printed report that say what was asked and what was looked at."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.moment import show
from api.pdf.text import shortened
from api.report_pdf.words import Words
from verifier.finding import Finding
from verifier.signed_report.anchor import existed_by
from verifier.signed_report.file import ReportFile

_LONGEST = 1_000


def facts(
    claims: Mapping[str, Any], file: ReportFile, anchor: Finding | None, words: Words
) -> Iterator[tuple[str, str]]:
    """Yield label and value of each row. anchor: the report's own, where that was looked at and is proved."""
    for name, value in _rows(claims, file, anchor, words):
        if value is not None:
            yield words.facts[name], shortened(value, _LONGEST)


def _rows(
    claims: Mapping[str, Any], file: ReportFile, anchor: Finding | None, words: Words
) -> Iterator[tuple[str, str | None]]:
    document, verdict, made = claims["document"], claims["verdict"], claims["made"]
    asked = verdict["asked"]
    yield "digest", document["digest"]
    yield "presented", words.presented[document["presented"]]
    yield "kind", verdict["kind"]
    yield "issuer", verdict["issuer"]
    yield "at", show(asked["at"])
    yield "known_at", show(asked["known_at"]) or words.now_known
    yield "relying_country", asked["relying_country"]
    yield "for", made["for"] or words.nobody
    yield "made", show(made["at"])
    yield "existed_by", _existed_by(anchor, words) if anchor else words.unchecked if file.anchor else None
    yield from _chain(claims, words)
    yield from _anchor(claims["anchor"] or {}, words)
    yield "policy", claims["policy"]["name"]
    yield "policy_hash", claims["policy"]["sha256"]
    yield "software", made["software"]
    yield "report", file.digest.hex()


def _existed_by(anchor: Finding, words: Words) -> str:
    by, root = anchor.facts["anchored_by"], anchor.facts["root"]
    return words.existed_by.format(time=show(existed_by(anchor)), by=by, root=root)


def _chain(claims: Mapping[str, Any], words: Words) -> Iterator[tuple[str, str]]:
    block, final = claims["block"], claims["finality"]
    yield "chain", f"{claims['chain']['id']}, {claims['chain']['genesis']}"
    yield "block", f"{block['number']}, {show(block['time'])}"
    yield "block_hash", block["hash"]
    yield "state_root", block["state_root"]
    names = ", ".join(final["signers"])
    yield "final", words.signers.format(form=final["form"], count=len(final["signers"]), of=final["of"], names=names)


def _anchor(anchor: Mapping[str, Any], words: Words) -> Iterator[tuple[str, str | None]]:
    if batch := anchor.get("batch"):
        yield "root", batch["root"]
        yield "leaf", words.leaf.format(leaf=batch["leaf"], size=batch["size"])
    yield "transaction", anchor.get("transaction")
