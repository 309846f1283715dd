"""The forms that codes of operators are known to have (data/aeo-codes.csv); another form is worth a warning."""

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Any, Final

OWN: Final = "own"
_ANY = "*"


def code_warnings(country: str | None, code: str, used_by: str = OWN) -> list[dict[str, Any]]:
    """Return a warning if the code has none of the forms known for it, and nothing where no form is known.

    country: of the operator's customs. used_by: who writes it so: OWN, or a counterpart (`cn.customs`, `asean`).
    """
    user = used_by.partition(".")[0]
    table = _table()
    patterns = table.get((country or "", user)) or (table.get((country or "", _ANY)) if user != OWN else None)
    if not patterns or any(pattern.fullmatch(code) for pattern in patterns):
        return []
    known = ", ".join(pattern.pattern for pattern in patterns)
    english = f"The code does not have a form that is known for {country} ({user}): {known}."
    chinese = f"该代码不符合 {country}（{user}）已知的格式：{known}。"
    return [{"code": "operator.code-form", "text": {"zh": chinese, "en": english}}]


@cache
def _table() -> dict[tuple[str, str], list[re.Pattern[str]]]:
    found: dict[tuple[str, str], list[re.Pattern[str]]] = {}
    with (files("api") / "data" / "aeo-codes.csv").open(encoding="ascii") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["country"], row["used_by"]), []).append(re.compile(row["pattern"]))
    return found
