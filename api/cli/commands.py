"""The commands of `portseal`, and running one."""

import typer

from api.cli import (
    arrangements,
    authorities,
    changes,
    decisions,
    deploying,
    documents,
    evidence,
    fsck,
    gate,
    inclusion,
    initialising,
    intents,
    issuers,
    keys,
    members,
    operators,
    output,
    packs,
    policies,
    qr,
    rebuild,
    recognition,
    reports,
    serving,
    stores,
    trust,
    verification,
    worker,
)
from api.cli.ending import Ending
from ledger.errors import Invalid, PortsealError, Unavailable

EX_USAGE = 64
_TYPER_USAGE = 2

app = typer.Typer(
    name="portseal",
    help="Sign, register, verify and open trade documents.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_WORK = (serving, worker, documents, verification, decisions, policies, evidence, trust, reports)
_GATE = (packs, gate, qr, inclusion)
_CARE = (fsck, rebuild)
_REGISTRIES = (issuers, authorities, recognition, arrangements, operators, changes)
for part in (*_WORK, *_GATE, *_REGISTRIES, *_CARE, members, intents, keys, stores, deploying, initialising):
    part.add_to(app)


def run_command(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        app(arguments)
    except Ending as ending:
        return ending.code
    except PortsealError as error:
        output.error(error)
        return 2 if isinstance(error, Unavailable) else 1
    except OSError as error:
        output.error(Invalid("file", f"{error.filename or 'a file'}: {error.strerror}", mend="check path and rights"))
        return 1
    except SystemExit as ending:  # typer's own; its code for wrong use is taken by `verify`
        return EX_USAGE if ending.code == _TYPER_USAGE else int(ending.code or 0)
    return 0
