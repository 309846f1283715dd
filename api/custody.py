"""Keys that their holders chose to keep on this node, and the node's own; opened when first used, never shown."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from api.home import Home
from ledger.account import Account, read_account
from ledger.errors import Refused
from ledger.identifier import to_bytes32
from ledger.jwk import Algorithm
from ledger.keystore import read_key, write_key
from ledger.private_key import PrivateKey

_SAMPLING = b"portseal-sampling-secret-1\0"
_Key = TypeVar("_Key", Account, PrivateKey)


class Custody:
    """Reads keystores in the node's folder with the node's passphrase."""

    def __init__(self, home: Home, passphrase: str) -> None:
        self._home = home
        self._passphrase = passphrase
        self._opened: dict[Path, Account | PrivateKey] = {}
        self._lock = threading.Lock()

    def answers_key(self) -> PrivateKey:
        """Return the key that signs receipts."""
        return self._key(self._home.answers_key, "answers key")

    def anchor_account(self) -> Account:
        """Return the account that anchors batches."""
        return self._account(self._home.anchor_account, "anchor account")

    def relay_account(self) -> Account:
        """Return the account that relays signed intents. Raises Refused `custody.none`."""
        return self._account(self._home.relay_account, "relay account")

    def sampling_secret(self) -> bytes:
        """Return the secret by which the authority that runs the node draws samples; made when it is first needed.

        Raises Refused `file.unwritable`, `file.unreadable`, Invalid `keystore.*`.
        """
        path = self._home.sampling_key
        if not path.is_file():
            self._make_sampling_key(path)
        key = self._key(path, "sampling key")
        return hashlib.sha256(_SAMPLING + key.secret).digest()

    def cosigner_key(self, authority: str) -> PrivateKey:
        """Return an authority's checkpoint key."""
        return self._key(self._home.cosigner_key(authority), "checkpoint key")

    def issuer_key(self, issuer: str) -> PrivateKey:
        """Return a custodial issuer's document key. Raises Refused `custody.none`."""
        to_bytes32(issuer)  # before it becomes a part of a path
        return self._key(self._home.issuer_key(issuer), f"document key of {issuer}")

    def issuer_account(self, issuer: str) -> Account:
        """Return a custodial issuer's chain account. Raises Refused `custody.none`."""
        to_bytes32(issuer)
        return self._account(self._home.issuer_account(issuer), f"chain account of {issuer}")

    def tenant_key(self, tenant: str) -> PrivateKey:
        """Return a custodial tenant's encryption key. Raises Refused `custody.none`."""
        to_bytes32(tenant)
        return self._key(self._home.tenant_key(tenant), f"encryption key of {tenant}")

    def _make_sampling_key(self, path: Path) -> None:
        try:
            write_key(path, PrivateKey.generate(Algorithm.ED25519), self._passphrase)
        except Refused as error:
            # Another process of the node may be doing the same: the first one's is kept.
            if error.code != "file.exists":
                raise

    def _key(self, path: Path, what: str) -> PrivateKey:
        return self._open(path, what, read_key)

    def _account(self, path: Path, what: str) -> Account:
        return self._open(path, what, read_account)

    def _open(self, path: Path, what: str, read: Callable[[Path, str], _Key]) -> _Key:
        with self._lock:
            if path not in self._opened:
                if not path.is_file():
                    raise Refused(
                        "custody.none",
                        f"the {what} is not kept on this node",
                        mend="use the key where it is kept, or ask the node's host to take it in custody",
                    )
                self._opened[path] = read(path, self._passphrase)
            return self._opened[path]  # type: ignore[return-value]  # a path holds one class of key
