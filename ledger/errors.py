"""The errors of Portseal, split by who can mend them.

PortsealError
 ├─ Invalid      the caller: the input is wrong            (HTTP 4xx)
 ├─ Refused      a rule of the chain or of the node said no (HTTP 403, 404, 409)
 └─ Unavailable  infrastructure: try again                  (HTTP 503)
"""


class PortsealError(Exception):
    """What is wrong, where, and what to do.

    code: stable, dotted, lower case (`json.duplicate-key`); never changes its meaning.
    detail: one sentence: what is wrong. Never holds a secret or the content of a document beyond the member named.
    pointer: RFC 6901 JSON pointer of the member, where there is one.
    mend: one sentence: what to do.
    """

    def __init__(self, code: str, detail: str, *, mend: str = "", pointer: str | None = None) -> None:
        super().__init__(f"{code}: {detail}" + (f" (at {pointer or '/'})" if pointer is not None else ""))
        self.code = code
        self.detail = detail
        self.mend = mend
        self.pointer = pointer


class Invalid(PortsealError):
    """The input is wrong; the caller can mend it."""


class Refused(PortsealError):
    """A rule of a contract or of the node refuses what was asked."""


class Unavailable(PortsealError):
    """A node, store or database does not answer, or answers wrongly; nothing is known about the document."""
