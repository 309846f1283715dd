import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account as EthAccount
from eth_keys import keys

from ledger.account import Account, read_account, write_account
from ledger.errors import Invalid, Refused

N = 4


def test_a_keystore_file_is_read_back(tmp_path: Path) -> None:
    account, path = Account.generate(), tmp_path / "account.json"
    write_account(path, account, "correct horse", scrypt_n=N)
    assert read_account(path, "correct horse").address == account.address
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["account.json"]  # noqa: PTH208
    fields = json.loads(path.read_text())
    assert fields["version"] == 3
    assert fields["crypto"]["kdf"] == "scrypt"
    assert fields["crypto"]["kdfparams"]["n"] == N


def test_other_software_reads_it(tmp_path: Path) -> None:
    account, path = Account(b"\x01" * 32), tmp_path / "account.json"
    write_account(path, account, "pass", scrypt_n=N)
    assert bytes(EthAccount.decrypt(path.read_text(), "pass")) == b"\x01" * 32


def test_an_existing_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "account.json"
    write_account(path, Account.generate(), "first", scrypt_n=N)
    before = path.read_bytes()
    with pytest.raises(Refused) as caught:
        write_account(path, Account.generate(), "second", scrypt_n=N)
    assert caught.value.code == "file.exists"
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "account.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused):
        write_account(tmp_path / "account.json", Account.generate(), "p", scrypt_n=N)
    assert not (tmp_path / "elsewhere").exists()


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        write_account(tmp_path / "missing" / "account.json", Account.generate(), "p", scrypt_n=N)
    assert caught.value.code == "file.unwritable"


def test_a_wrong_passphrase(tmp_path: Path) -> None:
    write_account(tmp_path / "a", Account.generate(), "right", scrypt_n=N)
    with pytest.raises(Invalid) as caught:
        read_account(tmp_path / "a", "wrong")
    assert caught.value.code == "account.passphrase"
    assert "wrong" not in str(caught.value)


def test_an_empty_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        write_account(tmp_path / "a", Account.generate(), "", scrypt_n=N)
    assert caught.value.code == "account.passphrase"
    assert not (tmp_path / "a").exists()


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        read_account(tmp_path / "none", "p")
    assert caught.value.code == "account.file"


MALFORMED: list[Any] = [
    None,
    [],
    "text",
    3,
    {},
    {"version": 3},
    {"version": "three", "crypto": {}},
    {"version": 3, "crypto": []},
    {"version": 3, "crypto": {"kdf": "scrypt"}},
    {"version": 3, "crypto": {"kdf": "unknown", "kdfparams": {}}},
    {"version": 3, "crypto": {"kdf": "scrypt", "kdfparams": {"n": 3, "r": 8, "p": 1, "dklen": 32, "salt": "zz"}}},
    {"version": 9, "crypto": {}},
]


@pytest.mark.parametrize("content", MALFORMED)
def test_a_file_that_is_no_keystore(tmp_path: Path, content: Any) -> None:
    (tmp_path / "a").write_text(json.dumps(content))
    with pytest.raises(Invalid) as caught:
        read_account(tmp_path / "a", "p")
    assert caught.value.code == "account.form"


@pytest.mark.parametrize("data", [b"", b"\xff", b"{", b"[" * 200_000])
def test_a_file_that_is_no_json(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(Invalid) as caught:
        read_account(tmp_path / "a", "p")
    assert caught.value.code == "account.form"


def test_no_secret_in_the_text_form() -> None:
    account = Account(b"\x5a" * 32)
    assert repr(account) == f"Account({account.address})"
    # Longer than what a place in memory, which is shown too, has of it by chance.
    assert "5a" * 8 not in str(account) + repr(vars(account))


def test_signing_runs_on_coincurve() -> None:
    assert type(keys.PrivateKey(b"\1" * 32).backend).__name__ == "CoinCurveECCBackend"


@pytest.mark.parametrize("key", [b"", b"\1" * 31, b"\1" * 33, bytes(32), b"\xff" * 32])
def test_bytes_that_are_no_key(key: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        Account(key)
    assert caught.value.code == "account.key"
