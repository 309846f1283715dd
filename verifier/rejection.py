"""Why the presented bytes were refused, as plain data."""

from dataclasses import dataclass
from typing import Any

from ledger.errors import Invalid


@dataclass(frozen=True, slots=True)
class Rejection:
    """code: the stable code of the ledger's Invalid; detail: one sentence; pointer: RFC 6901, if any."""

    code: str
    detail: str
    pointer: str | None = None

    @classmethod
    def of(cls, error: Invalid) -> "Rejection":
        """Keep what an error says."""
        return cls(error.code, error.detail, error.pointer)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON members."""
        return {"rejected": self.code, "detail": self.detail}
