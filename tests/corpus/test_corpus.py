"""The adversarial corpus: every kind of forgery and fault, in every mode; no wrong VALID, no wrong INVALID.

A seeded sample by default; a hundred of each kind in each mode with PORTSEAL_LONG=1. PORTSEAL_SEED names another
seed. Keys, salts and signatures are new in each run; what is done with them follows from the seed.
"""

import os
from pathlib import Path

import pytest

from tests.corpus.hearing import hear, report
from tests.corpus.kind import LONG, Kind
from tests.corpus.kinds import KINDS
from tests.corpus.page import page
from tests.long import long_or
from tests.tables import Table, Tally

SEED = os.environ.get("PORTSEAL_SEED", "portseal")
COUNT = long_or(LONG, 4)
PAGE = Path(__file__).parents[2] / "docs" / "adversaries.md"


def test_there_are_kinds_enough_and_each_has_a_name_of_its_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert sum(not kind.genuine for kind in KINDS) >= 60
    assert sum(kind.genuine for kind in KINDS) >= 60


def test_the_page_is_that_of_the_corpus() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_no_wrong_verdict(kind: Kind, table: Table, tally: Tally) -> None:
    report(kind, hear(kind, COUNT, SEED), "", table, tally)
