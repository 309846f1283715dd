"""The command line `portseal`.

Exit codes: 0 done (verify: authentic and usable); 1 invalid or refused; 2 not available, or indeterminate; 3 authentic
but not usable; 64 wrong use (sysexits.h EX_USAGE).
"""

import gc
import sys

from api.cli import closed_pipe

_NOT_AVAILABLE = 2
_OURS = ("contracts", "ledger", "anchors", "verifier", "api")
_SMALL = "only `portseal verify FILE --offline` or `--pack`, `report check` and `trust update` are installed here"
_LARGER = "What to do: for every other command, `pip install 'portseal[server]'`"


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    # Here and not above: what is asked for at a gate without a line has to be there at once.
    if given[:1] == ["verify"] and "--offline" in given:
        from api.cli.offline import run as run_offline

        return run_offline(given)
    if given[:1] == ["verify"] and any(one == "--pack" or one.startswith("--pack=") for one in given):
        from api.cli.gate_verifying import run as run_at_the_gate

        return run_at_the_gate(given)
    if given[:2] == ["report", "check"]:
        from api.cli.report_check import run as run_check

        return run_check(given[2:])
    if given[:2] == ["trust", "update"]:
        from api.cli.trust_update import run as run_update

        return run_update(given)
    try:
        from api.cli.commands import run_command
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in _OURS:
            raise
        sys.stderr.write(f"command.not-installed: {_SMALL} (no {missing.name})\n{_LARGER}\n")
        return _NOT_AVAILABLE
    gc.enable()
    return run_command(given)


def main() -> None:
    """Entry point of the console script."""
    # Nothing that is loaded is garbage. To look for some on the way, and at the end of a short command for all that
    # was loaded, takes a seventh of the time of `verify --offline`.
    gc.disable()
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        closed_pipe.give_up_output()
        code = closed_pipe.EXIT
    if not gc.isenabled():
        gc.freeze()
    raise SystemExit(code)
