"""The key with which a device signs what it answered: a private JWK in its folder, readable by its owner only.

It is not encrypted, for a device at a gate starts without anybody to ask for a passphrase. What it signs is only what
this device has answered; whoever has the folder can do no more than answer in the device's name.
"""

from pathlib import Path

from ledger import secret_file
from ledger.canonical import canonicalize
from ledger.errors import Invalid
from ledger.private_key import PrivateKey
from ledger.strict_json import Limits, parse

NAME = "device.jwk"
_LIMITS = Limits(max_bytes=4096, max_depth=3, max_members=32)


def write_device_key(folder: Path, key: PrivateKey) -> None:
    """Write the key, never over another. Raises Refused `file.exists`, `file.unwritable`."""
    secret_file.write_new(folder / NAME, canonicalize({**key.private_jwk()}))


def read_device_key(folder: Path) -> PrivateKey:
    """Return the key. Raises Invalid `device.key`, `json.*`, `jwk.*`."""
    try:
        data = (folder / NAME).read_bytes()
    except OSError:
        raise Invalid("device.key", "the device's key cannot be read", mend="enrol the device anew") from None
    found = parse(data, _LIMITS)
    if not isinstance(found, dict):
        raise Invalid("device.key", "the device's key is not a JWK", mend="enrol the device anew")
    return PrivateKey.from_jwk(found)
