"""The shared registries on the chain inside the node."""

from collections.abc import Iterator

import pytest

from tests.registries.evidence_tests import EvidenceTests
from tests.registries.governance_tests import GovernanceTests
from tests.registries.issuing_tests import IssuingTests
from tests.registries.offline_tests import OfflineTests
from tests.registries.pack_tests import PackTests
from tests.registries.recognition_tests import RecognitionTests
from tests.registries.report_tests import ReportTests
from tests.registries.site import Site, site_embedded

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_embedded(tmp_path_factory.mktemp("registries")) as found:
        yield found


class TestRecognition(RecognitionTests):
    pass


class TestIssuing(IssuingTests):
    pass


class TestEvidence(EvidenceTests):
    pass


class TestOffline(OfflineTests):
    pass


class TestReports(ReportTests):
    pass


class TestPacks(PackTests):
    pass


class TestGovernance(GovernanceTests):
    """The last one, since a member leaves."""
