"""What a node is told from outside: environment variables `PORTSEAL_*`, nothing else."""

import re
from ipaddress import ip_address, ip_network
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.home import Home
from ledger.errors import Invalid

_BASE = re.compile(r"(?=.{8,200}$)https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~-]+)*")


class Settings(BaseSettings):
    """The settings of a node.

    home: the folder that holds everything the node keeps (chain, database, payloads, keystores).
    host, port: where the HTTP API listens. rpc_port: loopback port of the embedded chain's JSON-RPC; 0 picks one.
    passphrase, passphrase_file: open the node's keystores; without both, the file `passphrase` in home.
    database: address of a PostgreSQL database, `postgresql://user:password@host/name`; without it, the SQLite file
    `portseal.db` in home. It may hold a password, and is never shown.
    stores: the payload stores, a list with commas (api/stores.py); without it, `kubo`, or else the folder in home.
    kubo: address of a Kubo node's RPC, which alone keeps the payloads; short for `stores` with one Kubo.
    replicas: how many stores must hold a payload before the node's own copy goes.
    audit_bytes: bytes per second that are read of each store to see that it still has what it should.
    worker: whether this process moves documents on; otherwise another one has to (`portseal worker`).
    waiting: how many documents may wait to be batched before the node takes no more for now.
    metrics_host, metrics_port: where this process serves its metrics for Prometheus; without a port, nowhere.
    traces: where spans go to, by OTLP over HTTP (`http://127.0.0.1:4318/v1/traces`).
    decision_policy: file of the rules by which POST /v1/decisions recommends an inspection; without it, Portseal's own.
    gas_price_ceiling: what a unit of gas may cost the node at most, in wei, on a chain that is not free.
    proved: whether verifications believe only what is proved under a final block, unless they ask otherwise.
    trust: the trust roots for that; without it `trust.json` in home, made from the chain when it is first needed.
    public_url: where people reach this node (`https://verify.example`, a path may follow): QR codes by link lead there;
    without it, host and port.
    anonymous_at_once, anonymous_per_minute: how much costly work is done at a time for callers without an API key, and
    how often for each address (api/turnstile.py); 0: no limit.
    proxies: addresses and networks of proxies before this node, with commas, whose `X-Forwarded-For` is believed.
    batch_seconds: how long the pipeline gathers documents for a batch while others are on their way.
    """

    model_config = SettingsConfigDict(env_prefix="PORTSEAL_", extra="ignore")

    home: Path = Path("~/.portseal")
    host: str = "127.0.0.1"
    port: int = 8080
    rpc_port: int = 0
    database: SecretStr | None = None
    stores: str | None = None
    kubo: str | None = None
    replicas: int = 1
    audit_bytes: int = 128 * 1024
    passphrase: SecretStr | None = None
    passphrase_file: Path | None = None
    worker: bool = True
    waiting: int = 100_000
    metrics_port: int | None = None
    metrics_host: str = "127.0.0.1"
    traces: str | None = None
    decision_policy: Path | None = None
    proved: bool = False
    trust: Path | None = None
    batch_seconds: float = 0.2
    gas_price_ceiling: int = 500 * 10**9
    body_seconds: float = 30.0
    public_url: str | None = None
    anonymous_at_once: int = Field(default=4, ge=0)
    anonymous_per_minute: int = Field(default=60, ge=0)
    proxies: str = "127.0.0.1,::1"

    def database_address(self) -> str:
        """Return the address of the node's database, with its password."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{Home(self.home.expanduser()).database}"

    def link_base(self) -> str:
        """Return what links in QR codes begin with, without the last slash. Raises Invalid `settings.public-url`."""
        base = (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
        if not _BASE.fullmatch(base):
            raise Invalid(
                "settings.public-url",
                "PORTSEAL_PUBLIC_URL is not an address that a QR code could lead to",
                mend="give https://HOST, with a path if there is one, without `?` and `#`, at most 200 characters",
            )
        return base

    def trusted_proxies(self) -> list[str]:
        """Return whose `X-Forwarded-For` is believed. Raises Invalid `settings.proxies`."""
        named = [one.strip() for one in self.proxies.split(",") if one.strip()]
        try:
            return [str(ip_network(one)) if "/" in one else str(ip_address(one)) for one in named]
        except ValueError:
            raise Invalid(
                "settings.proxies",
                "PORTSEAL_PROXIES names something that is no address and no network",
                mend="give addresses such as 10.0.0.5 or networks such as 10.0.0.0/24, with commas between them",
            ) from None

    def keystore_passphrase(self) -> str:
        """Return the passphrase of the node's keystores. Raises Invalid `settings.passphrase`."""
        if self.passphrase is not None:
            return self.passphrase.get_secret_value()
        file = (self.passphrase_file or self.home / "passphrase").expanduser()
        if file.is_file():
            return file.read_text(encoding="utf-8").rstrip("\n")
        raise Invalid(
            "settings.passphrase",
            "no passphrase for the keystores",
            mend="set PORTSEAL_PASSPHRASE, or PORTSEAL_PASSPHRASE_FILE to a file that holds it",
        )
