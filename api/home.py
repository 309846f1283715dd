"""The folder of a node: one place that knows what lies where."""

from dataclasses import dataclass
from pathlib import Path

from ledger.errors import Invalid, Refused


@dataclass(frozen=True)
class Home:
    """Paths inside a node's folder.

    keys/answers.jwe               the `answers` service key of the authority that runs the node
    keys/anchor.json               its chain account with role ANCHOR
    keys/relay.json                an account without any role, which relays the signed intents of others
    keys/sampling.jwe              a secret by which samples are drawn, made when it is first needed
    keys/checkpoints/<id>.jwe      `checkpoints` service keys of the authorities that cosign here
    keys/issuers/<id>.jwe, .json   document key and chain account of custodial issuers (by their choice only)
    keys/tenants/<id>.jwe          encryption key of a custodial tenant (by its choice only)
    public/<id>.<purpose>.json     public halves of the service keys that `portseal init` made
    """

    path: Path

    @property
    def network(self) -> Path:
        """The network file: chain id, contract addresses, code hashes."""
        return self.path / "network.json"

    @property
    def trust(self) -> Path:
        """The trust roots that the node proves by, where no other file is named."""
        return self.path / "trust.json"

    @property
    def authority(self) -> Path:
        """A line that names the authority that runs the node."""
        return self.path / "authority"

    @property
    def chain(self) -> Path:
        """The embedded chain's folder."""
        return self.path / "chain"

    @property
    def rpc(self) -> Path:
        """Where the running node writes the address of its embedded chain's JSON-RPC."""
        return self.path / "rpc.url"

    @property
    def database(self) -> Path:
        """The SQLite file of documents, batches, transactions and tenants."""
        return self.path / "portseal.db"

    @property
    def payloads(self) -> Path:
        """The folder store."""
        return self.path / "payloads"

    @property
    def answers_key(self) -> Path:
        """Keystore of the key that signs receipts."""
        return self.path / "keys" / "answers.jwe"

    @property
    def anchor_account(self) -> Path:
        """Keystore of the account that anchors batches."""
        return self.path / "keys" / "anchor.json"

    @property
    def relay_account(self) -> Path:
        """Keystore of the account that relays signed intents."""
        return self.path / "keys" / "relay.json"

    @property
    def sampling_key(self) -> Path:
        """Keystore of the key from which the secret for drawing samples is made."""
        return self.path / "keys" / "sampling.jwe"

    @property
    def api_keys(self) -> Path:
        """Where the demonstration writes the API keys of its tenants."""
        return self.path / "api-keys.txt"

    @property
    def passphrase(self) -> Path:
        """A file with the keystores' passphrase, where the host chose to keep it here."""
        return self.path / "passphrase"

    def cosigner_key(self, authority: str) -> Path:
        """Return the keystore of an authority's checkpoint key."""
        return self.path / "keys" / "checkpoints" / f"{authority}.jwe"

    def cosigners(self) -> list[str]:
        """Return the authorities whose checkpoint keys cosign on this node."""
        return sorted(path.stem for path in self.cosigner_key("any").parent.glob("*.jwe"))

    def cosigner_guard(self, authority: str) -> Path:
        """Return the file in which a cosigner records what it signed."""
        return self.path / "cosigners" / authority

    def issuer_key(self, issuer: str) -> Path:
        """Return the keystore of a custodial issuer's document key."""
        return self.path / "keys" / "issuers" / f"{issuer}.jwe"

    def issuer_account(self, issuer: str) -> Path:
        """Return the keystore of a custodial issuer's chain account."""
        return self.path / "keys" / "issuers" / f"{issuer}.json"

    def tenant_key(self, tenant: str) -> Path:
        """Return the keystore of a custodial tenant's encryption key."""
        return self.path / "keys" / "tenants" / f"{tenant}.jwe"

    def public_key(self, authority: str, purpose: str) -> Path:
        """Return where the public half of a service key lies, to be entered in the registry."""
        return self.path / "public" / f"{authority}.{purpose}.json"

    def check_whole(self) -> None:
        """Raise Invalid `home.empty` or `home.unfinished` unless a node was set up here to the end."""
        if self.network.is_file():
            return
        if self.authority.exists() or self.passphrase.exists():
            raise Invalid(
                "home.unfinished",
                f"{self.path} has a node's keys but no network.json: its setup was cut short, or the file is lost",
                mend="if a node was only being set up here, remove the folder and start again; "
                "otherwise put the node's network.json back",
            )
        raise Invalid(
            "home.empty",
            f"{self.path} is not a node's folder: it has no network.json",
            mend="make one with `portseal init`, or with `portseal serve --demonstration`, or name another with --home",
        )

    def check_free(self) -> None:
        """Raise Invalid `home.unfinished`, Refused `home.not-empty` unless a node can be set up here."""
        if not self.path.exists() or (self.path.is_dir() and not any(self.path.iterdir())):
            return
        if self.authority.exists() or self.passphrase.exists():
            self.check_whole()
        raise Refused(
            "home.not-empty",
            f"{self.path} is there, and holds something that is no node's",
            mend="name a new or an empty folder with --home",
        )
