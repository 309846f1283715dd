"""The audit reads no more of a store than it may, on average: a large payload is paid for by later turns."""

from pathlib import Path

import pytest

from anchors.database import Database
from anchors.lease import Leases
from anchors.replicas.audit_pass import SHORTEST
from anchors.replicas.audit_thread import AuditThread
from anchors.replicas.replicas import Replicas
from tests.anchors.fickle_store import Clock, Stores
from tests.anchors.kept_documents import document, enter
from tests.anchors.store_contract import pattern


def test_a_large_payload_is_paid_for_by_later_turns(
    tmp_path: Path, migrated: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anchors.replicas.audit_thread._TURN_SECONDS", 0.0)
    stores, clock = Stores(tmp_path, 1), Clock()
    replicas = Replicas(stores.known)
    payloads = [pattern(40_000 + number) for number in range(3)]
    replicas.put(payloads)
    enter(migrated, [document(payload, 1) for payload in payloads])
    care = AuditThread(migrated, replicas, Leases(migrated, clock=clock), budget=10_000, clock=clock)
    clock.now += SHORTEST
    read = []
    for _ in range(9):
        before = stores.fickle[0].gets
        care.run_once()
        read.append(stores.fickle[0].gets - before)
    assert read == [1, 0, 0, 0, 1, 0, 0, 0, 1]
