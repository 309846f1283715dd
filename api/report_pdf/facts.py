"""The rows of a printed report that say what was asked and what was looked at."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.moment import show
from api.pdf.text import shortened
from api.report_pdf.words import Words

_LONGEST = 1_000


def facts(claims: Mapping[str, Any], digest: bytes, words: Words) -> Iterator[tuple[str, str]]:
    """Yield label and value of each row. digest: the report's own."""
    for name, value in _rows(claims, digest, words):
        if value is not None:
            yield words.facts[name], shortened(value, _LONGEST)


def _rows(claims: Mapping[str, Any], digest: bytes, words: Words) -> Iterator[tuple[str, str | None]]:
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
    yield from _chain(claims, words)
    yield from _anchor(claims["anchor"] or {}, words)
    yield "policy", claims["policy"]["name"]
    yield "policy_hash", claims["policy"]["sha256"]
    yield "software", made["software"]
    yield "report", digest.hex()


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
