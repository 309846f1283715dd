"""The code of the fault that a call ends in."""

from collections.abc import Callable

from ledger.errors import PortsealError


def code_of(call: Callable[..., object], *arguments: object) -> str | None:
    """Return the code, None if the call ends well. Whatever is no error of ours goes through."""
    try:
        call(*arguments)
    except PortsealError as error:
        return error.code
    return None
