import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import OctKey

from ledger import base64url
from ledger.errors import Refused
from ledger.jwk import Algorithm
from ledger.keystore import ITERATIONS, read_key, write_key
from ledger.private_key import PrivateKey
from tests.ledger.envelope_cases import ES256, refusal

PASSPHRASE = "correct 马 battery"
FORM, WRONG = "keystore.form", "keystore.passphrase"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "issuer.jwe"
    write_key(path, ES256, PASSPHRASE)
    return path


@pytest.mark.parametrize("algorithm", Algorithm)
def test_there_and_back(tmp_path: Path, algorithm: Algorithm) -> None:
    key = PrivateKey.generate(algorithm)
    write_key(tmp_path / "key", key, "s")
    assert read_key(tmp_path / "key", "s") == key


def test_the_file_is_the_owners_alone_and_shows_no_secret(written: Path) -> None:
    assert written.stat().st_mode & 0o777 == 0o600
    assert ES256.private_jwk()["d"] not in written.read_text()
    assert list(written.parent.iterdir()) == [written]


def test_any_jose_library_opens_it(written: Path) -> None:
    opened = jwe.decrypt_compact(written.read_text(), OctKey.import_key(PASSPHRASE), ["PBES2-HS512+A256KW", "A256GCM"])
    assert opened.headers()["p2c"] == ITERATIONS
    assert json.loads(opened.plaintext or b"") == ES256.private_jwk()


def test_nothing_is_overwritten(written: Path) -> None:
    before = written.read_bytes()
    with pytest.raises(Refused) as raised:
        write_key(written, ES256, "other")
    assert raised.value.code == "file.exists"
    assert written.read_bytes() == before


@pytest.mark.parametrize("passphrase", ["", "correct 马 batterz", PASSPHRASE + " ", "\ud800"])
def test_a_wrong_passphrase_is_told(written: Path, passphrase: str) -> None:
    assert refusal(read_key, written, passphrase) == WRONG


@pytest.mark.parametrize("passphrase", ["", "\udfff"])
def test_no_file_without_a_passphrase(tmp_path: Path, passphrase: str) -> None:
    assert refusal(write_key, tmp_path / "key", ES256, passphrase) == WRONG
    assert not list(tmp_path.iterdir())


def _with_header(**changes: Any) -> Callable[[str], str]:
    def change(text: str) -> str:
        head, _, rest = text.partition(".")
        members = {k: v for k, v in (json.loads(base64url.decode(head)) | changes).items() if v is not None}
        return base64url.encode(json.dumps(members).encode()) + "." + rest

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: "", FORM),
        (lambda text: text[:-1], FORM),
        (lambda text: text + "=", FORM),
        (lambda text: text + ".", FORM),
        (lambda text: text.replace(".", " ."), FORM),
        (lambda text: "é" + text, FORM),
        (lambda text: text * 100, FORM),
        (lambda text: json.dumps(ES256.private_jwk()), FORM),
        (_with_header(p2c=ITERATIONS + 1), FORM),
        (_with_header(p2c=10**9), FORM),
        (_with_header(p2c=1), FORM),
        (_with_header(p2c=True), FORM),
        (_with_header(p2c="300000"), FORM),
        (_with_header(p2c=None), FORM),
        (_with_header(p2s=7), FORM),
        (_with_header(alg="dir"), FORM),
        (_with_header(alg="PBES2-HS256+A128KW"), FORM),
        (_with_header(enc="A128GCM"), FORM),
        (_with_header(zip="DEF"), FORM),
        (_with_header(crit=["p2c"]), FORM),
        (_with_header(kid="x"), WRONG),
        (_with_header(p2s="AAAAAAAAAAAAAAAAAAAAAA"), WRONG),
        (_with_header(p2s="?"), FORM),
        (_with_header(p2s="AAAAAAAA"), FORM),
        (lambda text: text[:-30] + ("A" if text[-30] != "A" else "B") + text[-29:], WRONG),
    ],
)
def test_a_damaged_file_is_told(written: Path, tmp_path: Path, change: Callable[[str], str], code: str) -> None:
    path = tmp_path / "key"
    path.write_text(change(written.read_text()))
    assert refusal(read_key, path, PASSPHRASE) == code


def test_an_honest_file_with_something_else_inside_is_told(tmp_path: Path) -> None:
    header = {"alg": "PBES2-HS512+A256KW", "cty": "jwk+json", "enc": "A256GCM", "kid": "k", "p2c": 100_000}
    keys = [json.dumps(jwk).encode() for jwk in (ES256.public_key.jwk(), ES256.private_jwk())]
    for content in (b"[]", b"{", *keys):
        path = tmp_path / str(len(content))
        path.write_text(
            jwe.encrypt_compact(header, content, OctKey.import_key(PASSPHRASE), ["PBES2-HS512+A256KW", "A256GCM"])
        )
        assert refusal(read_key, path, PASSPHRASE) == FORM


def test_a_line_break_at_the_end_does_no_harm(written: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(written.read_text() + "\n")
    assert read_key(tmp_path / "key", PASSPHRASE) == ES256


def test_a_path_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    assert refusal(read_key, tmp_path / "none", PASSPHRASE) == "keystore.missing"
    with pytest.raises(Refused) as raised:
        read_key(tmp_path, PASSPHRASE)
    assert raised.value.code == "file.unreadable"
    with pytest.raises(Refused) as raised:
        write_key(tmp_path / "no" / "key", ES256, PASSPHRASE)
    assert raised.value.code == "file.unwritable"
