"""Keystores of the demonstration's accounts, as their members would keep them on machines of their own."""

from pathlib import Path

from ledger.account import Account, write_account
from ledger.authority import Role
from tests.demonstration_node import Api

PASSPHRASE = "a passphrase for tests"


def keystore(folder: Path, account: Account) -> str:
    path = folder / f"{account.address}.json"
    if not path.exists():
        write_account(path, account, PASSPHRASE, scrypt_n=2)
    return str(path)


def of_authority(api: Api, folder: Path, authority: str, role: Role = Role.ACT) -> str:
    return keystore(folder, api.established.keys.accounts[authority, role])
