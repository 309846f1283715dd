"""Every vector that is there is used by a test that exists, or there is a reason why not."""

from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.tables import Table
from tests.vector_sets import SETS, VECTOR_SETS, VectorSet

TESTS = Path(__file__).parent
VECTORS = TESTS.parents[1] / "shared" / "vectors"
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="../shared/vectors is not here")
NO_DATA = ("LICENSE*", "SOURCES.md", "NOTES.md", "NOTICE*", "README*")


def files() -> set[str]:
    found = (path for path in VECTORS.rglob("*") if path.is_file())
    return {str(path.relative_to(VECTORS)) for path in found if not any(fnmatch(path.name, one) for one in NO_DATA)}


def files_of(one: VectorSet) -> set[str]:
    return {str(path.relative_to(VECTORS)) for glob in one.files for path in VECTORS.glob(glob)} & files()


def test_every_file_belongs_to_one_set() -> None:
    claimed = [file for one in VECTOR_SETS for file in files_of(one)]
    assert sorted(claimed) == sorted(files())


@pytest.mark.parametrize("one", VECTOR_SETS, ids=lambda one: one.name)
def test_a_set_is_used_or_there_is_a_reason(one: VectorSet, table: Table) -> None:
    assert files_of(one)
    assert bool(one.tests) != bool(one.why)
    for test in one.tests:
        text = (TESTS / test).read_text()
        assert any(word in text for word in ("vectors", "recorded_qbft", "VECTORS")), test
    table(SETS, set=one.name, files=len(files_of(one)), used_by=", ".join(one.tests) or f"nobody: {one.why}")
