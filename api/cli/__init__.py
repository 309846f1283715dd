"""The command line `portseal`.

Exit codes: 0 done (verify: authentic and usable); 1 invalid or refused; 2 not available, or indeterminate; 3 authentic
but not usable; 64 wrong use (sysexits.h EX_USAGE).
"""

import sys


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    # Here and not above: what is asked for at a gate without a line has to be there at once.
    if given[:1] == ["verify"] and "--offline" in given:
        from api.cli.offline import run as run_offline

        return run_offline(given)
    from api.cli.commands import run_command

    return run_command(given)


def main() -> None:
    """Entry point of the console script."""
    raise SystemExit(run())
