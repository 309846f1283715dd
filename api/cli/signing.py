"""From a draft to a signed intent, submitted or saved: the options that all commands which write have."""

import time
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options
from api.cli.drafting import Draft, Drafting, Make, open_drafting
from api.cli.ids import address_of
from api.cli.passphrase import given
from ledger.errors import Refused

if TYPE_CHECKING:
    from ledger.account import Account
    from ledger.intent import Intent

NetworkFile = Annotated[
    Path | None,
    typer.Option(
        "--network",
        help="The consortium's network file; otherwise network.json in PORTSEAL_HOME.",
        envvar="PORTSEAL_NETWORK",
        exists=True,
        dir_okay=False,
    ),
]
AccountFile = Annotated[
    Path | None,
    typer.Option(
        "--account",
        help="Keystore (version 3) of the account that signs.",
        envvar="PORTSEAL_ACCOUNT",
        exists=True,
        dir_okay=False,
    ),
]
Signer = Annotated[
    str | None, typer.Option("--signer", help="With --out: address of who signs elsewhere (`portseal intent sign`).")
]
Out = Annotated[Path | None, typer.Option("--out", help="Save the intent in this file and submit nothing.")]
Subject = Annotated[
    str | None,
    typer.Option("--subject", help="Another id to count nonces by: a lane of its own, for what is urgent."),
]
Nonce = Annotated[int | None, typer.Option("--nonce", help="The nonce to sign with; otherwise the node says.", min=0)]
ValidFor = Annotated[float, typer.Option("--valid-for", help="For how many hours it may be submitted.", min=0.01)]


def _options(
    network: NetworkFile = None,
    account: AccountFile = None,
    passphrase_file: options.PassphraseFile = None,
    signer: Signer = None,
    out: Out = None,
    subject: Subject = None,
    nonce: Nonce = None,
    valid_for: ValidFor = 24.0,
    node: options.Node = None,
    json: options.Json = False,
) -> None:
    """Hold the options that are added to each command."""


_SHARED = signature(_options).parameters


def writes(make: Make) -> Any:
    """Return the command that signs and submits what `make` drafts; it has make's parameters and the shared ones."""
    own = list(signature(make).parameters.values())[1:]

    def command(**values: Any) -> None:
        shared = {name: values.pop(name) for name in _SHARED}
        drafting = open_drafting(shared.pop("network"), shared.pop("node"))
        _go(drafting, make(drafting, **values), **shared)

    parameters = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in (*own, *_SHARED.values())]
    command.__name__, command.__doc__ = make.__name__, make.__doc__
    command.__signature__ = signature(make).replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


def _go(
    drafting: Drafting,
    draft: Draft,
    *,
    account: Path | None,
    passphrase_file: Path | None,
    signer: str | None,
    out: Path | None,
    subject: str | None,
    nonce: int | None,
    valid_for: float,
    json: bool,
) -> None:
    from api.cli import intent_files, submitting
    from ledger.identifier import to_bytes32
    from ledger.intent import signed_with

    if account is None and (signer is None or out is None):
        raise typer.BadParameter("say who signs with --account, or prepare it for another machine: --signer and --out")
    key = _account(account, passphrase_file) if account else None
    who = key.address if key else address_of(str(signer))
    word = to_bytes32(subject) if subject else draft.subject
    intent = _intent(drafting, draft, who, word, nonce, valid_for)
    intent_files.announce(intent)
    if out is not None:
        intent_files.save(out, signed_with(key, intent) if key else intent)
    elif key is not None:
        submitting.submit(drafting.client, signed_with(key, intent), json=json)


def _account(path: Path, passphrase_file: Path | None) -> "Account":
    from ledger.account import read_account

    return read_account(path, given(passphrase_file))


def _intent(drafting: Drafting, draft: Draft, signer: str, subject: bytes, nonce: int | None, hours: float) -> "Intent":
    from ledger.intent import intent_of

    terms = {"chain_id": drafting.network.chain_id, "deadline": int(time.time() + hours * 3600)}
    intent = intent_of(draft.call, signer, subject=subject, nonce=nonce or 0, **terms)
    if nonce is not None:
        return intent
    next_one = next_nonce(drafting, intent.registry, signer, subject)
    return intent_of(draft.call, signer, subject=subject, nonce=next_one, **terms)


def next_nonce(drafting: Drafting, registry: str, signer: str, subject: bytes) -> int:
    """Ask the node for the next nonce. Raises Refused `node.other-network`, and as Client does."""
    asked = {"registry": registry, "signer": signer, "subject": f"0x{subject.hex()}"}
    answer = drafting.client.get("/v1/intents/nonce", **asked)
    here = drafting.network.chain_id, drafting.network.contracts[registry].address
    if (answer["chain_id"], answer["contract"]) != here:
        detail = f"the node is of chain {answer['chain_id']} with its {registry} at {answer['contract']}"
        raise Refused("node.other-network", detail, mend="compare your network file with that of the node")
    return int(answer["nonce"])
