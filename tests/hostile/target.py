"""The node under attack, and the questions that show whether it was hurt."""

import itertools
from dataclasses import dataclass

from sqlalchemy import func, select

from anchors.database.models import DocumentRow
from api.connection import BoundedConnection
from api.demonstration.samples import sample
from ledger.envelope import issue, parse
from ledger.kinds import kind
from tests.demonstration_node import Api

CARRIER, READER = "cn.eastern-meridian", "sg.customs"
BODY_SECONDS = 6.0
_numbers = itertools.count()


class Impatient(BoundedConnection):
    """As every node's connections, with limits that a test can wait for, and a thread that stands still for seconds."""

    MOST = 150
    HEAD_SECONDS = 6.0
    IDLE_SECONDS = 15
    DRAIN_SECONDS = 8.0
    READ_SECONDS = 6.0


class Hasty(Impatient):
    """For where a request that comes too slowly may end like any other: hundreds of them are waited for."""

    HEAD_SECONDS = 1.5


@dataclass
class Target:
    """`genuine` and `other` are final and stay untouched; `victim` is the one that requests may change."""

    api: Api
    address: tuple[str, int]
    genuine: str
    other: str
    victim: str

    def digest(self, envelope: str) -> str:
        return parse(envelope).digest.hex()

    def documents(self) -> int:
        with self.api.node.database.read() as session:
            return session.scalar(select(func.count()).select_from(DocumentRow)) or 0

    def fresh(self) -> str:
        """A genuine envelope that nobody has registered yet."""
        document = sample("bill-of-lading") | {"transportDocumentReference": f"FRESH{next(_numbers):07}"}
        key = self.api.established.keys.issuer_keys[CARRIER]
        return issue(document, kind("bill-of-lading"), CARRIER, key, iat=1_790_000_000).serialize()

    def check_alive(self) -> None:
        """The node can do its work, a genuine document is registered, and the final one is still VALID."""
        http = self.api.http
        ready = http.get("/readyz")
        assert ready.status_code == 200, ready.text
        headers = {**self.api.key(CARRIER), "Content-Type": "application/dc+sd-jwt"}
        accepted = http.post("/v1/documents", content=self.fresh(), headers=headers)
        assert accepted.status_code == 202, accepted.text
        verdict = http.post("/v1/verifications", json={"envelope": self.genuine}).json()
        assert (verdict["authentic"], verdict["usable"]) == ("VALID", "ACTIVE")
