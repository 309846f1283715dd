"""How much a sweep does: a sample by default, all of it with `./scripts/test --long`."""

import os
from typing import TypeVar

T = TypeVar("T")

LONG = bool(os.environ.get("PORTSEAL_LONG"))


def long_or(whole: T, sample: T) -> T:
    """Return `whole` in a long run, otherwise `sample`."""
    return whole if LONG else sample
