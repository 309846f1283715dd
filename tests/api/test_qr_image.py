"""QR codes that are drawn and read back by another library: PNG, SVG, PDF, and as a telephone sees them."""

import io
import random
import re
from xml.etree import ElementTree

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from anchors.gate_code import GateCode
from api.gate_page import page
from api.gate_words import gate_json, lines
from api.qr_image import QrImage
from ledger import gate_statement
from ledger.envelope import issue
from ledger.errors import Refused
from ledger.gate_statement import MOST_CODES, GateStatement
from ledger.issuer_state import Limit
from ledger.kinds import KINDS, kind
from ledger.scope import scope_of
from tests.anchors.gate_cases import ANCHORED_AT, KEY, noise, printed, statement
from tests.ledger.largest_documents import LARGEST, LONGEST_ISSUER
from tests.tables import Table

LINK = f"https://verify.customs.example/d/{'0123456789abcdef' * 4}"
VALUE = printed(statement(), leaves=64, batches=300).code.text()


def read(image: Image.Image) -> str:
    """What a reader sees; nothing if it finds no code, or more than one."""
    found = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if len(found) == 1 else ""


def png(text: str) -> Image.Image:
    return Image.open(io.BytesIO(QrImage(text).png()))


def drawn(svg: bytes) -> Image.Image:
    """Draw the SVG: one path of horizontal strokes, a module high each, as segno writes it."""
    root = ElementTree.fromstring(svg)
    width = int(root.attrib["width"])
    [path] = [one for one in root.iter("{http://www.w3.org/2000/svg}path") if one.attrib.get("class") == "qrline"]
    scaled = next(one for one in root.iter() if "transform" in one.attrib)
    scale = float(re.fullmatch(r"scale\(([\d.]+)\)", scaled.attrib["transform"])[1])  # type: ignore[index]
    image = Image.new("L", (width, width), 255)
    draw, x, y = ImageDraw.Draw(image), 0.0, 0.0
    for command, numbers in re.findall(r"([mMh])([-\d. ]+)", path.attrib["d"]):
        values = [float(one) for one in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]
        if command == "h":
            box = (x * scale, (y - 0.5) * scale, (x + values[0]) * scale - 1, (y + 0.5) * scale - 1)
            draw.rectangle(box, fill=0)
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return image


def rendered(pdf: bytes, dpi: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    return document[0].render(scale=dpi / 72).to_pil()


def of_page(text: str, of: GateStatement | None = None) -> bytes:
    stated = of or statement()
    return page(QrImage(text), list(lines(stated)), stated.digest, "note 说明")


@pytest.mark.parametrize("text", [LINK, VALUE], ids=["link", "value"])
def test_each_form_is_read_back(text: str) -> None:
    assert read(png(text)) == text
    assert read(drawn(QrImage(text).svg())) == text
    assert read(rendered(of_page(text), 200)) == text


@pytest.mark.parametrize("text", [LINK, VALUE], ids=["link", "value"])
@pytest.mark.parametrize("degrees", [-12, -4, 3, 9, 90, 180])
def test_a_turned_picture_is_read(text: str, degrees: int) -> None:
    assert (
        read(png(text).convert("L").rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC))
        == text
    )


@pytest.mark.parametrize("text", [LINK, VALUE], ids=["link", "value"])
def test_a_blurred_small_noisy_picture_of_the_printed_page_is_read(text: str) -> None:
    sheet = rendered(of_page(text), 300).convert("L")
    assert read(sheet.filter(ImageFilter.GaussianBlur(2.0))) == text
    assert read(sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.BILINEAR)) == text
    chance = random.Random(3)
    noisy = sheet.point(lambda level: 40 + level * 0.6)
    pixels = noisy.load()
    for _ in range(noisy.width * noisy.height // 100):
        pixels[chance.randrange(noisy.width), chance.randrange(noisy.height)] = chance.randrange(256)  # type: ignore[index]
    assert read(noisy.rotate(2.5, fillcolor=164).filter(ImageFilter.GaussianBlur(1.0))) == text


def test_a_spot_is_mended() -> None:
    """Level M mends 15 %: a stamp on the code does not matter."""
    image = png(VALUE).convert("L")
    middle, side = image.width // 2, image.width // 8
    ImageDraw.Draw(image).ellipse((middle, middle, middle + side, middle + side), 0)
    assert read(image) == VALUE


def test_the_limit_is_1451_characters() -> None:
    assert QrImage("A" * 1_451).version == 25
    with pytest.raises(Refused, match=r"gate\.too-large"):
        QrImage("A" * 1_452)
    with pytest.raises(Refused, match=r"gate\.too-large"):
        QrImage("A" * 5_000)


@pytest.mark.parametrize("name", KINDS)
def test_the_largest_statement_in_a_full_batch_of_a_quiet_hour_fits(name: str, table: Table) -> None:
    """4,096 leaves are 12 hashes; what is left is for the hour."""
    of = statement(name, LARGEST[name], LONGEST_ISSUER, expires=2**53 - 1, iat=2**53 - 2)
    usual = statement(name)
    for what, one in (("usual", usual), ("largest", of)):
        hashes = most_hashes(one)
        assert hashes >= 13
        assert QrImage(code_of(one, hashes)).version == 25
        table(
            "QR codes by value",
            kind=name,
            statement=what,
            bytes=len(one.data),
            **{"most hashes": hashes},
            **{"with 12 hashes": f"{len(code_of(one, 12))} characters, version {QrImage(code_of(one, 12)).version}"},
        )


@pytest.mark.parametrize("name", ["bill-of-lading", "certificate-of-origin"])
def test_room_for_a_scope_besides(name: str, table: Table) -> None:
    """The largest statements with as many HS chapters as one may name, in a batch of 4,096 leaves."""
    document = LARGEST[name]
    own = set(scope_of(name, document)[Limit.HS_CHAPTER].codes)
    codes = sorted({*own, *[f"hs.{n:02}" for n in range(50, 97)][: MOST_CODES - len(own)]})
    envelope = issue(document, kind(name), LONGEST_ISSUER, KEY, iat=ANCHORED_AT - 60)
    for some in ((), codes):
        one = gate_statement.issue(envelope, document, KEY, some)
        text = code_of(one, 12)
        assert QrImage(text).version <= 25
        table(
            "QR codes by value of issuers limited to a scope, with 12 hashes",
            kind=name,
            codes=len(one.scope),
            statement=len(one.data),
            **{"most hashes": most_hashes(one), "characters": len(text), "version": QrImage(text).version},
        )
    assert len(one.scope) == MOST_CODES


def code_of(of: GateStatement, hashes: int) -> str:
    batch = min(hashes, 12)
    return GateCode(of, 4_095, 4_096, noise(batch), ANCHORED_AT, 40_000, noise(hashes - batch)).text()


def most_hashes(of: GateStatement) -> int:
    return max(hashes for hashes in range(32) if len(code_of(of, hashes)) <= 1_451)


def test_the_page_says_what_the_code_says() -> None:
    of = statement()
    document = pypdfium2.PdfDocument(of_page(VALUE, of))
    text = document[0].get_textpage().get_text_bounded()
    for said in ("EMLNNBO26104417", "EMLU4821060", "CNNBO", "cn.carrier", "提单", "装货港", "Port of loading"):
        assert said in text
    assert of.digest.hex() in text


@pytest.mark.parametrize("name", KINDS)
def test_a_page_of_every_kind_stays_a_page(name: str) -> None:
    of = statement(name, LARGEST[name], LONGEST_ISSUER, expires=2**53 - 1)
    assert read(rendered(of_page(VALUE, of), 200)) == VALUE
    assert of_page(VALUE, of) == of_page(VALUE, of)


def test_the_words_of_a_kind_that_is_not_known_are_none() -> None:
    of = statement()
    object.__setattr__(of, "vct", "urn:portseal:kind:bill-of-lading:9")
    assert gate_json(of)["fields"] == {}
