"""Public keys from files: what `portseal keys show --json` prints, or a bare JWK."""

from json import loads
from pathlib import Path
from typing import Annotated

import typer

from ledger.errors import Invalid
from ledger.jwk import PublicKey

PublicKeyFile = Annotated[
    Path,
    typer.Argument(
        help="The public key: a JWK, or what `portseal keys show --json` prints.", exists=True, dir_okay=False
    ),
]


def read_public_key(path: Path) -> PublicKey:
    """Return the key in the file. Raises Invalid `jwk.*`."""
    try:
        content = loads(path.read_bytes())
    except ValueError:
        raise Invalid("jwk.form", f"{path.name} is not JSON", mend="give a public JWK") from None
    return PublicKey.from_jwk(content.get("jwk", content) if isinstance(content, dict) else {})
