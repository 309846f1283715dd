"""One demonstration node for all tests of the API: real keystores, chain, database and store; HTTP in process."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.bootstrap import build, start
from api.demonstration.establishing import Established, establish_home
from api.home import Home
from api.node import Node
from api.settings import Settings


@dataclass
class Api:
    """The application, and what the tests know of its consortium."""

    node: Node
    home: Path
    established: Established
    http: TestClient

    def key(self, tenant: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.established.tenants[tenant].api_key}"}

    def until_final(self, digest: str) -> dict[str, Any]:
        self.node.worker.run_until_idle()
        answer: dict[str, Any] = self.http.get(f"/v1/documents/{digest}").json()
        return answer


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    home = tmp_path_factory.mktemp("node")
    established = establish_home(Home(home))
    node = build(Settings(home=home))
    start(node)
    with TestClient(create_app(node), raise_server_exceptions=False) as http:
        yield Api(node, home, established, http)
    node.close()
