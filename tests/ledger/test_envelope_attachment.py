from dataclasses import replace

import pytest

from ledger.envelope import Attachment, check_attachments, parse, verify, withhold
from tests.ledger.envelope_cases import ES256, PDF, PHOTO, claims, digest_of, disclosure, forge, issued, refusal

SALT = "A" * 22


def test_all_attachments_as_signed_pass_in_any_order() -> None:
    seen = verify(issued(), ES256.public_key)
    check_attachments(seen, [PHOTO, PDF])
    check_attachments(seen, [PHOTO], complete=False)
    check_attachments(seen, [], complete=False)


@pytest.mark.parametrize(
    ("attachments", "code"),
    [
        ([PDF], "attachment.missing"),
        ([], "attachment.missing"),
        ([PDF, PHOTO, Attachment("more.pdf", "application/pdf", b"")], "attachment.unnamed"),
        ([PDF, replace(PHOTO, name="Gate 3.jpg")], "attachment.unnamed"),
        ([PDF, replace(PHOTO, content=b"another gate")], "attachment.hash"),
        ([PDF, replace(PHOTO, content=PDF.content)], "attachment.hash"),
        ([PDF, replace(PHOTO, media_type="text/html")], "attachment.media-type"),
        ([PDF, PDF, PHOTO], "attachment.duplicate"),
    ],
)
def test_anything_else_is_refused(attachments: list[Attachment], code: str) -> None:
    seen = verify(issued(), ES256.public_key)
    assert refusal(check_attachments, seen, attachments) == code
    assert (
        refusal(lambda: check_attachments(seen, attachments, complete=False)) == code
        if code != "attachment.missing"
        else True
    )


def test_a_withheld_statement_is_counted_and_its_attachment_is_not_taken() -> None:
    less = withhold(issued(), attachments=["licence.pdf"])
    seen = verify(parse(less.serialize()), ES256.public_key)
    assert seen.attachments == (PHOTO.statement(),)
    assert (seen.attachments_withheld, seen.complete, seen.withheld) == (1, False, ())
    check_attachments(seen, [PHOTO])
    assert refusal(check_attachments, seen, [PDF, PHOTO]) == "attachment.unnamed"
    assert refusal(lambda: withhold(less, attachments=["licence.pdf"])) == "attachment.unnamed"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("", "text/plain"),
        (".", "text/plain"),
        ("..", "text/plain"),
        ("../etc/passwd", "text/plain"),
        ("a\\b", "text/plain"),
        ("a\nb", "text/plain"),
        ("a\0b", "text/plain"),
        ("fdp.\u202eexe", "text/plain"),
        ("\ud800", "text/plain"),
        ("x" * 256, "text/plain"),
        ("a", ""),
        ("a", "text"),
        ("a", "text/"),
        ("a", "text/plain; charset=utf-8"),
        ("a", "text/plain\n"),
    ],
)
def test_an_attachment_has_a_plain_name_and_a_media_type(name: str, media_type: str) -> None:
    assert refusal(lambda: issued(attachments=[Attachment(name, media_type, b"")])) == "attachment.form"


def test_two_attachments_of_one_name_are_not_signed() -> None:
    assert refusal(lambda: issued(attachments=[PDF, replace(PHOTO, name=PDF.name)])) == "attachment.duplicate"


STATEMENT = {"name": "a", "media_type": "text/plain", "sha256": "0" * 64}


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        ([{**STATEMENT, "url": "https://evil.example"}], "attachment.form"),
        ([{"name": "a", "media_type": "text/plain"}], "attachment.form"),
        ([{**STATEMENT, "sha256": "A" * 64}], "attachment.form"),
        ([{**STATEMENT, "sha256": "0" * 63}], "attachment.form"),
        ([{**STATEMENT, "name": None}], "attachment.form"),
        (["a.pdf"], "attachment.form"),
        ([[STATEMENT]], "attachment.form"),
        ([STATEMENT, STATEMENT], "attachment.duplicate"),
    ],
)
def test_a_signed_statement_of_another_form_is_refused(statements: list[object], code: str) -> None:
    disclosures = [disclosure(str(number) + SALT[1:], statement) for number, statement in enumerate(statements)]
    signed = claims(attachments=[{"...": digest_of(text)} for text in disclosures])
    assert refusal(verify, parse(forge(signed, disclosures)), ES256.public_key) == code


@pytest.mark.parametrize(
    "attachments",
    [
        [STATEMENT],
        [{"...": "x"}],
        [{"...": 1}],
        [{"...": "A" * 43, "name": "a"}],
        ["A" * 43],
        {},
        None,
        [[{"...": "A" * 43}]],
    ],
)
def test_an_attachment_stands_in_the_jwt_as_a_digest_only(attachments: object) -> None:
    assert refusal(parse, forge(claims(attachments=attachments))) == "envelope.claims"
