"""Files beside those of envelopes: `X.sd-jwt` has its gate statement in `X.sd-jwt.gate`, its place in `.inclusion`."""

from pathlib import Path

from api.cli import output

SUFFIX, INCLUSION = ".gate", ".inclusion"


def beside(envelope: Path, suffix: str = SUFFIX) -> Path:
    """Return the name of the file beside, without a suffix given that of the gate statement."""
    return envelope.with_name(envelope.name + suffix)


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
