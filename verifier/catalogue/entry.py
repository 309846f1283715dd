"""What a code means."""

from dataclasses import dataclass

from verifier.axes import Usable
from verifier.outcome import Outcome


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """outcomes: those that this code can have. usable: what it implies for use.

    en, zh: what was found. remedy_en, remedy_zh: what to do about it; empty where nothing needs doing.
    """

    outcomes: tuple[Outcome, ...]
    en: str
    zh: str
    remedy_en: str = ""
    remedy_zh: str = ""
    usable: Usable | None = None


Entries = dict[str, CatalogueEntry]
