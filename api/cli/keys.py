"""`portseal keys`: make and look at keys, and make API keys on the node's machine."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import options, output, tenants
from api.cli.passphrase import given
from ledger.jwk import Algorithm
from ledger.keystore import read_key, write_key
from ledger.private_key import PrivateKey

_ALGORITHMS = {"ES256": Algorithm.ES256, "Ed25519": Algorithm.ED25519, "X25519": Algorithm.X25519}
Out = Annotated[Path, typer.Option("--out", "-o", help="The keystore to make; never overwritten.")]
Name = Annotated[str, typer.Option("--algorithm", help="ES256 or Ed25519 to sign, X25519 to read.")]
KeyFile = Annotated[Path, typer.Argument(help="The keystore.", exists=True, dir_okay=False)]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(help="Keys: make one, look at one, make an API key.", no_args_is_help=True)
    group.command("new")(new)
    group.command("show")(show)
    group.command("account")(account)
    group.command("address")(address)
    tenants.add_to(group)
    app.add_typer(group, name="keys")


def new(
    out: Out, algorithm: Name = "ES256", passphrase_file: options.PassphraseFile = None, json: options.Json = False
) -> None:
    """Make a key and keep it in an encrypted keystore; print its public half."""
    if algorithm not in _ALGORITHMS:
        raise typer.BadParameter(f"{algorithm} is not one of {', '.join(_ALGORITHMS)}")
    key = PrivateKey.generate(_ALGORITHMS[algorithm])
    write_key(out, key, given(passphrase_file, new=True))
    _print(key, json)


def show(file: KeyFile, passphrase_file: options.PassphraseFile = None, json: options.Json = False) -> None:
    """Print the public half of a keystore's key: what an authority enters in the registry."""
    _print(read_key(file, given(passphrase_file)), json)


def account(out: Out, passphrase_file: options.PassphraseFile = None) -> None:
    """Make an account of the chain and keep it in an encrypted keystore (version 3); print its address."""
    # Only here: eth-account takes a second to load.
    from ledger.account import Account, write_account

    made = Account.generate()
    write_account(out, made, given(passphrase_file, new=True))
    output.line(made.address)


def address(file: KeyFile, passphrase_file: options.PassphraseFile = None) -> None:
    """Print the address of an account's keystore."""
    from ledger.account import read_account

    output.line(read_account(file, given(passphrase_file)).address)


def _print(key: PrivateKey, json: bool) -> None:
    public = key.public_key
    if json:
        output.as_json({"kid": public.kid, "thumbprint": public.thumbprint.hex(), "jwk": public.jwk()})
    else:
        jwk = public.jwk()
        output.fields([("kid", public.kid), ("thumbprint", "0x" + public.thumbprint.hex()), *jwk.items()])
