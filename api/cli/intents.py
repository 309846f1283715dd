"""`portseal intent`: look at an intent, sign it on a machine without network, submit it, ask what became of it."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import options, output
from api.cli.client import Client
from api.cli.drafting import Draft, Drafting, read_network
from api.cli.passphrase import given
from api.cli.signing import NetworkFile, writes
from ledger.errors import Invalid

File = Annotated[Path, typer.Argument(help="The intent, signed or not.", exists=True, dir_okay=False)]
IntentHash = Annotated[str, typer.Argument(help="The intent's hash.", callback=options.digest_argument)]
AccountFile = Annotated[
    Path,
    typer.Option("--account", help="Keystore of the signer.", envvar="PORTSEAL_ACCOUNT", exists=True, dir_okay=False),
]
SKIPPING = "skip"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(help="Signed intents: look, sign without network, submit, ask.", no_args_is_help=True)
    for command in (show, sign, submit, status):
        group.command(command.__name__)(command)
    group.command("skip")(writes(skip))
    app.add_typer(group, name="intent")


def show(file: File) -> None:
    """Print what an intent says: contract, signer, call and arguments, the calls of a proposal too; needs no node."""
    from api.cli import intent_files
    from ledger.intent import SignedIntent

    one = intent_files.load(file)
    signed = isinstance(one, SignedIntent)
    for line in intent_files.lines(one.intent if isinstance(one, SignedIntent) else one):
        output.line(line)
    output.line("  signed by its signer" if signed else "  not signed yet")


def sign(
    file: File,
    account: AccountFile,
    out: Annotated[Path, typer.Option("--out", help="Where to save it, signed.")],
    network: NetworkFile = None,
    passphrase_file: options.PassphraseFile = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Sign an intent that another machine prepared: it is shown, and compared with this machine's network file."""
    from api.cli import intent_files
    from ledger.account import read_account
    from ledger.intent import SignedIntent, signed_with

    one = intent_files.load(file)
    if isinstance(one, SignedIntent):
        raise Invalid("intent.signed", f"{file.name} is signed already", mend="submit it")
    found = read_network(network)
    if (one.chain_id, one.contract) != (found.chain_id, found.contracts[one.registry].address):
        detail = f"{file.name} is for {one.contract} on chain {one.chain_id}, which is not in your network file"
        raise Invalid("intent.other-network", detail, mend="have it prepared with the same network file")
    intent_files.announce(one)
    if not yes:
        typer.confirm("Sign this?", abort=True, err=True)
    intent_files.save(out, signed_with(read_account(account, given(passphrase_file)), one))


def submit(file: File, node: options.Node = None, json: options.Json = False) -> None:
    """Hand a signed intent to a node, any member's, and wait until it is mined."""
    from api.cli import intent_files, submitting
    from ledger.intent import SignedIntent

    one = intent_files.load(file)
    if not isinstance(one, SignedIntent):
        raise Invalid("intent.unsigned", f"{file.name} is not signed", mend="sign it with `portseal intent sign`")
    submitting.submit(Client(node), one, json=json)


def status(intent: IntentHash, node: options.Node = None, json: options.Json = False) -> None:
    """Ask the node that relayed an intent what became of it."""
    from api.cli import submitting

    submitting.show(Client(node).get(f"/v1/intents/{intent}"), json=json)


def skip(
    drafting: Drafting,
    registry: Annotated[str, typer.Argument(help="The contract's name, such as OperatorRegistry.")],
    skipped: Annotated[str, typer.Argument(help="The subject: an id, or 0x and 64 hex digits.", metavar="SUBJECT")],
) -> Draft:
    """Make void what you signed for a subject's next nonce and nobody has submitted yet."""
    from api.cli.ids import word_of
    from ledger.identifier import to_bytes32
    from ledger.intent import skip_nonce

    contracts = drafting.registries.contracts()
    if registry not in contracts:
        raise typer.BadParameter(f"{registry} is not one of {', '.join(contracts)}")
    # In a lane of its own: in that of the subject the intent itself would use up a second nonce.
    return Draft(skip_nonce(contracts[registry], word_of(skipped)), to_bytes32(SKIPPING))
