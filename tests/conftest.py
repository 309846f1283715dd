"""Fixtures that test modules of several packages share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.consortium import Consortium
    from tests.servers.anvil import Anvil
    from tests.servers.clique import CliqueNetwork
    from tests.servers.kubo_daemon import Kubo
    from tests.servers.postgresql import PostgreSQL


pytest.register_assert_rewrite(
    "tests.chain.chain_contract",
    "tests.chain.chain_contract_outage",
    "tests.chain.chain_contract_registries",
    "tests.chain.chain_contract_sending",
    "tests.registries.evidence_tests",
    "tests.registries.governance_tests",
    "tests.registries.issuing_tests",
    "tests.registries.offline_tests",
    "tests.registries.pack_tests",
    "tests.registries.recognition_tests",
    "tests.registries.report_tests",
)
pytest_plugins = ["tests.tables"]

# How fast an example is says something about the machine, nothing about the code.
settings.register_profile("portseal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portseal")


WITH_A_NODE = (
    "tests/api/",
    "tests/flows/",
    "tests/faults/",
    "tests/hostile/",
    "tests/registries/",
    "tests/servers/test_real_servers.py",
)
SERVERS = {"clique", "anvil", "kubo", "postgresql"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs a whole node, ours or a server's."""
    for item in items:
        if item.nodeid.startswith(WITH_A_NODE) or SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.node)


class _AtOnce:
    """Tell each failure when it happens: a run that is cut off has no summary."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            reason = report.longreprtext.splitlines()[-12:]
            self._terminal.write_line("")
            self._terminal.write_line(f"{report.nodeid}: {report.when} failed after {report.duration:.0f} s", red=True)
            self._terminal.write_line("\n".join(f"    {line[:300]}" for line in reason))


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.getplugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_AtOnce(terminal))


@pytest.fixture(scope="session", autouse=True)
def _quiet_logs() -> None:
    """Logs would mix with what commands print to standard output."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())


@pytest.fixture(scope="session")
def consortium_template(tmp_path_factory: pytest.TempPathFactory) -> Consortium:
    """A consortium set up once, closed: to be copied."""
    # Imported here, so that tests without a chain do not load web3 and py-evm.
    from tests.consortium import Consortium

    with Consortium.establish(tmp_path_factory.mktemp("consortium-template")) as template:
        return template


@pytest.fixture(scope="module")
def consortium(consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    """A fresh consortium for one test module (tests/consortium.py)."""
    with consortium_template.copy(tmp_path_factory.mktemp("consortium")) as consortium:
        yield consortium


# Real servers, started when a test first asks; who stops a server makes one of its own.


@pytest.fixture(scope="session")
def clique(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CliqueNetwork]:
    """Three geth nodes that sign in turn (tests/servers/clique.py)."""
    from tests.servers.clique import CliqueNetwork

    with CliqueNetwork(tmp_path_factory.mktemp("clique")) as network:
        yield network


@pytest.fixture(scope="module")
def anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Anvil]:
    """A node of anvil for one module: it writes its whole state for each block, gigabytes an hour."""
    from tests.servers.anvil import Anvil

    with Anvil(tmp_path_factory.mktemp("anvil")) as node:
        yield node


@pytest.fixture(scope="session")
def kubo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubo]:
    """An IPFS node that is alone (tests/servers/kubo_daemon.py)."""
    from tests.servers.kubo_daemon import Kubo

    with Kubo(tmp_path_factory.mktemp("kubo")) as node:
        yield node


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server, without the care for power cuts (tests/servers/postgresql.py)."""
    from tests.servers.postgresql import PostgreSQL

    with PostgreSQL() as server:
        yield server
