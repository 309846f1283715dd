"""The shared registries on three geth that sign by Clique."""

from collections.abc import Iterator

import pytest

from ledger.finality.form import Clique
from tests.registries.evidence_tests import EvidenceTests
from tests.registries.governance_tests import GovernanceTests
from tests.registries.issuing_tests import IssuingTests
from tests.registries.offline_tests import OfflineTests
from tests.registries.pack_tests import PackTests
from tests.registries.recognition_tests import RecognitionTests
from tests.registries.report_tests import ReportTests
from tests.registries.site import Site, site_on
from tests.servers.clique import CliqueNetwork

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

DEPTH = 3  # a block with two of three signers after its own on top of it is not replaced


@pytest.fixture(scope="module")
def site(clique: CliqueNetwork, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    form = Clique(tuple(clique.signers))
    with site_on(tmp_path_factory.mktemp("registries"), list(clique.rpc), form, DEPTH) as found:
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
