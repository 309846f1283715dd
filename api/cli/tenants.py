"""`portseal keys api | tenants`: on the node's machine, who may register, and their API keys."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options, output
from api.cli.public_keys import read_public_key
from api.home import Home
from ledger.jwk import Algorithm, PublicKey
from ledger.keystore import write_key
from ledger.private_key import PrivateKey

if TYPE_CHECKING:
    from anchors.tenants import Tenants

TenantId = Annotated[str, typer.Option("--tenant", help="The tenant's id.")]
Issuers = Annotated[list[str] | None, typer.Option("--issuer", help="An issuer it registers for; repeat for more.")]
PublicJwk = Annotated[
    Path | None,
    typer.Option("--encryption-key", help="Its public JWK (`portseal keys show --json`).", exists=True, dir_okay=False),
]
Custodial = Annotated[bool, typer.Option("--custodial", help="Make its encryption key here and keep it in custody.")]


def add_to(group: typer.Typer) -> None:
    """Register the commands."""
    group.command("api")(api_key)
    group.command("tenants")(tenants)
    group.command("withdraw")(withdraw)


def api_key(
    tenant: TenantId,
    issuer: Issuers = None,
    encryption_key: PublicJwk = None,
    custodial: Custodial = False,
    home: options.Home = options.DEFAULT_HOME,
    passphrase_file: options.PassphraseFile = None,
) -> None:
    """Print a new API key; it is shown this once. A tenant that is not known yet is entered first."""
    folder = Home(home.expanduser())
    known = _tenants(folder)
    if known.get(tenant) is None:
        public = _custodial_key(folder, tenant, passphrase_file) if custodial else _public_key(encryption_key)
        known.create(tenant, issuer or [], public)
    elif issuer:
        known.set_issuers(tenant, issuer)
    output.line(known.issue_api_key(tenant))


def tenants(home: options.Home = options.DEFAULT_HOME, json: options.Json = False) -> None:
    """List the tenants and their API keys; of a key only its id is known."""
    known = _tenants(Home(home.expanduser()))
    rows = [
        {
            "tenant": tenant.id,
            "issuers": sorted(tenant.issuers),
            "encryption_kid": tenant.encryption_key.kid,
            "api_keys": [key.id for key in known.api_keys(tenant.id) if key.withdrawn_at is None],
        }
        for tenant in known.all()
    ]
    if json:
        output.as_json(rows)
    else:
        columns = ("tenant", "issuers", "encryption kid", "API keys")
        shown = [(r["tenant"], ", ".join(r["issuers"]), r["encryption_kid"], ", ".join(r["api_keys"])) for r in rows]
        output.table("Tenants", columns, shown)


def withdraw(
    key_id: Annotated[str, typer.Argument(help="The API key's id.")], home: options.Home = options.DEFAULT_HOME
) -> None:
    """End an API key at once."""
    _tenants(Home(home.expanduser())).withdraw_api_key(key_id)
    output.line(f"{key_id} is withdrawn.")


def _tenants(home: Home) -> "Tenants":
    # Only here: SQLAlchemy and Alembic take a second to load, and `keys new` and `keys show` need neither.
    from anchors.database import Database, upgrade
    from anchors.tenants import Tenants
    from api.settings import Settings

    home.check_whole()
    database = Database(Settings(home=home.path).database_address())
    upgrade(database)
    return Tenants(database)


def _public_key(path: Path | None) -> PublicKey:
    if path is None:
        raise typer.BadParameter("a new tenant needs --encryption-key, or --custodial")
    return read_public_key(path)


def _custodial_key(home: Home, tenant: str, passphrase_file: Path | None) -> PublicKey:
    from api.settings import Settings

    passphrase = Settings(home=home.path, passphrase_file=passphrase_file).keystore_passphrase()
    key, path = PrivateKey.generate(Algorithm.X25519), home.tenant_key(tenant)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_key(path, key, passphrase)
    return key.public_key
