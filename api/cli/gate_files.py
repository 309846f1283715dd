"""Gate statements beside the files of their envelopes: `X.sd-jwt` has `X.sd-jwt.gate`."""

from pathlib import Path

from api.cli import output

SUFFIX = ".gate"


def beside(envelope: Path) -> Path:
    """Return the name of the gate statement's file."""
    return envelope.with_name(envelope.name + SUFFIX)


def keep(envelope: Path | None, gate: bytes) -> None:
    """Write a gate statement beside its envelope's file, if that is one."""
    if envelope is None:
        output.note("the gate statement is not kept: name a file with --out, or use --json")
    else:
        beside(envelope).write_bytes(gate)


def read(envelope: str) -> bytes | None:
    """Return the gate statement beside an envelope's file, if there is one."""
    file = beside(Path(envelope))
    return file.read_bytes() if envelope != "-" and file.is_file() else None
