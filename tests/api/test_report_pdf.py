"""Printed reports: everything that the report says stands on the paper, in both languages, whatever was in it."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from reportlab.pdfbase import pdfmetrics

from api.pdf import fonts as pdf_fonts
from api.pdf.fonts import NOT_EMBEDDED, Fonts, fonts
from api.pdf.text import lines
from api.report_pdf import report_pdf
from api.report_pdf.document import MARGIN, code_content
from api.report_pdf.words import EN, LANGUAGES, ZH, Words
from ledger.compact_jws import sign_text
from ledger.document_registry import Status
from ledger.errors import Invalid
from tests.api.printed import Printed, squeezed
from tests.verifier.world import World, bill, key_named
from verifier.axes import Authentic, Usable
from verifier.facts import Finality
from verifier.outcome import Outcome
from verifier.policy import DEFAULT
from verifier.signed_report.claims import TYPE, Circumstances, claims_of
from verifier.signed_report.file import ReportFile
from verifier.signed_report.proof import ReportProof
from verifier.signed_report.reading import read_report
from verifier.subject import Subject

HOSTILE = (
    "<b>bold</b> </para><script>alert(1)</script> &amp; &lt; <font size=99>",
    "%s %(name)s {0} {name} \\n \\u0041 $x \x00\x07\x1b[31m",
    "\u202eright to left\u202c \u200bzero \ufeffmark \U0001f600 face",
    "x" * 3_000,
    "".join(chr(0x4E00 + place) for place in range(600)),
    "line\n" * 2_000 + "\u2028\u2029\t" * 500,
    "(unbalanced ))) \\( \\) <<>> stream endstream endobj %%EOF",
)


def signed(claims: dict[str, Any]) -> ReportFile:
    proof = ReportProof({"form": "checkpoint", "claims": {}, "cosignatures": []}, (), ())
    return ReportFile(sign_text(claims, key_named("first"), TYPE), proof)


@cache
def revoked() -> ReportFile:
    world = World()
    record = world.anchor(bill())
    world.set_status(bill(), Status.REVOKED)
    subject = Subject.presented(bill().serialize())
    told = Circumstances(
        made_at=world.now,
        made_by="cn.customs",
        made_for=None,
        software="portseal test",
        chain_id=1,
        genesis_hash=b"g" * 32,
        block=world.head(),
        finality=Finality("checkpoint", 1, world.now, True, True, ("CN", "JP", "KR", "SG"), 4),
        proof={},
        record=replace(record, proof=None),
        policy=DEFAULT,
    )
    return signed(claims_of(world.verify(subject, relying_country="SG"), subject, told))


def findings() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_report(revoked().jws).claims["verdict"]["findings"]
    return found


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_all_findings_and_remedies_stand_there(language: str) -> None:
    with Printed(report_pdf(revoked(), language)) as printed:
        text = printed.text
        claims = read_report(revoked().jws).claims
        for words in LANGUAGES[language]:
            for finding in findings():
                assert squeezed(finding["text"][words.language]) in text, finding["code"]
                assert squeezed(finding["remedy"][words.language]) in text
                assert squeezed(words.outcomes[finding["outcome"]]) in text
            for sentence in (words.title, words.authentic["VALID"][1], words.usable["REVOKED"][0], *words.recheck):
                assert squeezed(sentence) in text
        for value in (
            claims["document"]["digest"],
            claims["block"]["hash"],
            claims["block"]["state_root"],
            claims["anchor"]["batch"]["root"],
            claims["policy"]["sha256"],
            revoked().digest.hex(),
        ):
            assert value in text
        assert printed.beyond(MARGIN - 8) == []


def test_the_code_is_the_reports_hash() -> None:
    with Printed(report_pdf(revoked(), "en")) as printed:
        [found] = zxingcpp.read_barcodes(printed.image())
    assert found.text == code_content(revoked().digest) == f"portseal-report:sha256:{revoked().digest.hex()}"


def test_the_same_bytes_again() -> None:
    assert report_pdf(revoked(), "both") == report_pdf(revoked(), "both")
    assert report_pdf(revoked(), "zh") != report_pdf(revoked(), "en")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_stand_there_as_they_are(hostile: str) -> None:
    """A signer can put anything into its sentences and its evidence: nothing of it is read as markup."""
    claims = read_report(revoked().jws).claims
    claims["verdict"]["findings"][0]["text"] = {"en": hostile, "zh": hostile}
    claims["verdict"]["findings"][1]["evidence"] = {hostile: [hostile, {hostile: None}]}
    claims["made"]["for"] = claims["made"]["software"] = claims["made"]["by"] = hostile[:256]
    claims["verdict"]["findings"][2]["code"] = hostile[:256]
    claims["finality"]["signers"] = [hostile[:256]] * 500
    with Printed(report_pdf(signed(claims), "both")) as printed:
        text = printed.text
        assert printed.beyond(MARGIN - 8) == []
    shown = "".join(piece for _, piece in fonts().runs(" ".join(hostile[:100].split())))
    assert squeezed(shown) in text
    assert squeezed(EN.recheck[2]) in text


def test_more_findings_than_are_printed() -> None:
    claims = read_report(revoked().jws).claims
    claims["verdict"]["findings"] = [findings()[0]] * 400
    with Printed(report_pdf(signed(claims), "en")) as printed:
        assert squeezed("and 100 more") in printed.text


@pytest.mark.parametrize("words", [EN, ZH])
def test_there_is_a_word_for_everything(words: Words) -> None:
    assert words.authentic.keys() == {one.value for one in Authentic}
    assert words.usable.keys() == {one.value for one in Usable}
    assert words.outcomes.keys() == {one.value for one in Outcome}
    assert EN.facts.keys() == ZH.facts.keys()


@pytest.mark.parametrize("words", [EN, ZH])
def test_every_character_of_ours_has_a_glyph(words: Words) -> None:
    from verifier.catalogue import CATALOGUE

    ours = repr(words) + "".join(one.zh + one.remedy_zh + one.en + one.remedy_en for one in CATALOGUE.values())
    chosen = fonts()
    for character in set(ours):
        [(font, piece)] = chosen.runs(character)
        assert piece == character, hex(ord(character))
        assert font


def test_chinese_is_drawn() -> None:
    """An embedded font draws it wherever it is read; without one that is the reader's to do."""
    if not fonts().embedded:
        pytest.skip("no TrueType font for Chinese on this machine (Debian: fonts-droid-fallback)")
    data = report_pdf(revoked(), "zh")
    assert b"/FontFile2" in data
    assert NOT_EMBEDDED.encode() not in data
    with Printed(data) as printed:
        title = printed.image(scale=1).crop((MARGIN, MARGIN, 3 * MARGIN, 2 * MARGIN))
    assert sum(title.histogram()[:128]) > 100


def test_without_a_font_the_text_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_fonts, "_USUAL", ())
    monkeypatch.delenv(pdf_fonts.SETTING, raising=False)
    pdf_fonts._fonts.cache_clear()
    try:
        assert fonts() == Fonts(NOT_EMBEDDED, embedded=False)
        data = report_pdf(revoked(), "zh")
        assert NOT_EMBEDDED.encode() in data
        with Printed(data) as printed:
            assert squeezed(ZH.recheck[2]) in printed.text
    finally:
        pdf_fonts._fonts.cache_clear()


def test_a_font_that_is_none(tmp_path: Path) -> None:
    wrong = tmp_path / "font.ttf"
    wrong.write_bytes(b"no font")
    for path in (wrong, tmp_path / "missing.ttf"):
        with pytest.raises(Invalid) as caught:
            fonts(str(path))
        assert caught.value.code == "font.file"
        assert str(tmp_path) not in caught.value.detail


@pytest.mark.parametrize("width", [30, 55, 200, 511])
def test_lines_keep_their_width_and_lose_nothing(width: float) -> None:
    chosen = fonts()
    for text in (*HOSTILE, *(one["text"]["zh"] + one["text"]["en"] for one in findings()), "", "a", "\n\n"):
        broken = list(lines(chosen, text, width, 9))
        assert squeezed("".join(broken)) == squeezed(text)
        widest = pdfmetrics.stringWidth("\u3002", chosen.cjk, 9)
        assert all(chosen.width(line, 9) <= width + widest or len(line) == 1 for line in broken)
