"""Accounts of the chain: secp256k1 keys that sign transactions, kept in keystore files (version 3)."""

import json
from pathlib import Path
from typing import Any

from eth_account import Account as EthAccount
from eth_account.messages import SignableMessage
from eth_account.signers.local import LocalAccount
from eth_utils.exceptions import ValidationError

from ledger.errors import Invalid
from ledger.secret_file import write_new
from ledger.strict_json import parse

_SCRYPT_N = 2**18


class Account:
    """A key of the chain. Its text form shows the address only."""

    def __init__(self, private_key: bytes) -> None:
        """Take the 32 bytes of a secp256k1 key. Raises Invalid `account.key`."""
        try:
            self._signer: LocalAccount = EthAccount.from_key(private_key)
        except (ValueError, ValidationError):
            mend = "give 32 bytes, not zero and less than the order of secp256k1"
            raise Invalid("account.key", "the bytes are not a private key", mend=mend) from None

    @classmethod
    def generate(cls) -> "Account":
        """Make a new account from the system's randomness."""
        return cls(bytes(EthAccount.create().key))

    @property
    def address(self) -> str:
        """The address in checksum form (EIP-55)."""
        return str(self._signer.address)

    def sign_transaction(self, fields: dict[str, Any]) -> tuple[bytes, bytes]:
        """Sign and return the raw transaction and its hash."""
        signed = self._signer.sign_transaction(fields)
        return bytes(signed.raw_transaction), bytes(signed.hash)

    def sign_message(self, message: SignableMessage) -> bytes:
        """Sign a message (EIP-191, EIP-712) and return r, s (the lower one) and v (27 or 28): 65 bytes."""
        return bytes(self._signer.sign_message(message).signature)

    def encrypted(self, passphrase: str, scrypt_n: int = _SCRYPT_N) -> dict[str, Any]:
        """Return the keystore form (Web3 Secret Storage, version 3, scrypt)."""
        return EthAccount.encrypt(self._signer.key, passphrase, kdf="scrypt", iterations=scrypt_n)

    def __repr__(self) -> str:
        return f"Account({self.address})"


def write_account(path: Path, account: Account, passphrase: str, *, scrypt_n: int = _SCRYPT_N) -> None:
    """Write a keystore file, mode 0600, never over an existing one. `scrypt_n` is the work factor.

    Raises Invalid `account.passphrase` for an empty passphrase, Refused `file.exists`.
    """
    if not passphrase:
        raise Invalid("account.passphrase", "the passphrase is empty", mend="choose a passphrase")
    write_new(path, json.dumps(account.encrypted(passphrase, scrypt_n)).encode())


def read_account(path: Path, passphrase: str) -> Account:
    """Read a keystore file. Raises Invalid `account.file|form|passphrase`."""
    try:
        keystore = parse(path.read_bytes())
    except OSError as error:
        detail = f"the file {path.name} cannot be read ({error.strerror})"
        raise Invalid("account.file", detail, mend="check the path and its permissions") from None
    except Invalid:
        raise _malformed(path) from None
    return Account(_decrypted(path, keystore, passphrase))


def _decrypted(path: Path, keystore: Any, passphrase: str) -> bytes:
    try:
        return bytes(EthAccount.decrypt(keystore, passphrase))
    except ValueError as error:
        if "MAC mismatch" in str(error):
            detail = f"the passphrase does not open {path.name}"
            raise Invalid("account.passphrase", detail, mend="give the right passphrase") from None
        raise _malformed(path) from None
    except (TypeError, KeyError, AttributeError, NotImplementedError):
        raise _malformed(path) from None


def _malformed(path: Path) -> Invalid:
    detail = f"{path.name} is not a keystore file of version 3"
    return Invalid("account.form", detail, mend="give a keystore file made by portseal, geth or Besu")
