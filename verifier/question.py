"""What is asked about the subject."""

from dataclasses import dataclass

from ledger.country import to_bytes2
from ledger.errors import Invalid


@dataclass(frozen=True, slots=True)
class Question:
    """at: the time asked about (None: now, which is the time of the newest block).

    known_at: answer as was known then (None: as is known now). Both in seconds since the epoch.
    relying_country: ISO 3166-1 alpha-2 upper case; asks whether that country recognises the document.
    Raises Invalid `question.time`, `country.form`.
    """

    at: int | None = None
    known_at: int | None = None
    relying_country: str | None = None

    def __post_init__(self) -> None:
        for name in ("at", "known_at"):
            time = getattr(self, name)
            if time is not None and not (type(time) is int and 0 <= time < 2**53):
                detail = f"{name} is not a time"
                mend = "give whole seconds since 1970"
                raise Invalid("question.time", detail, pointer=f"/{name}", mend=mend)
        if self.relying_country is not None:
            to_bytes2(self.relying_country)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with nothing left open. freshness: seconds that the newest block may be old.

    ageing: from how many on there is a warning. carried: the facts were carried along, and not asked for now.
    """

    at: int
    freshness: int
    known_at: int | None = None
    relying_country: str | None = None
    ageing: int | None = None
    carried: bool = False

    @property
    def until(self) -> int:
        """What was anchored later than this had not been, as of this question."""
        return self.at if self.known_at is None else min(self.at, self.known_at)
