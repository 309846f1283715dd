import secrets
import threading

import pytest

from anchors.database import Database
from anchors.lease import Leases
from anchors.status_writer import StatusWriter
from ledger.authority_registry import Role
from ledger.document_registry import Status, StatusChange
from ledger.errors import Refused
from tests.consortium import Consortium

ISSUER = "cn.carrier"


@pytest.fixture
def writer(consortium: Consortium, migrated: Database) -> StatusWriter:
    return StatusWriter(consortium.chain, consortium.registries.document, Leases(migrated))


def test_the_issuer_and_its_authority_may(consortium: Consortium, writer: StatusWriter) -> None:
    digest = secrets.token_bytes(32)
    own, authority = consortium.keys.issuer_accounts[ISSUER], consortium.account("cn.maritime", Role.ACT)
    writer.write(own, [StatusChange(ISSUER, digest, Status.SUSPENDED, 3)])
    writer.write(authority, [StatusChange(ISSUER, digest, Status.REVOKED, 4)])
    entries = consortium.registries.document.status_entries(ISSUER, digest)
    assert [(entry.code, entry.detail) for entry in entries] == [(Status.SUSPENDED, 3), (Status.REVOKED, 4)]


def test_others_may_not(consortium: Consortium, writer: StatusWriter) -> None:
    with pytest.raises(Refused) as caught:
        writer.write(consortium.account("sg.maritime"), [StatusChange(ISSUER, b"\2" * 32, Status.REVOKED)])
    assert caught.value.code == "contract.DocumentRegistryNotIssuer"
    assert consortium.registries.document.status_entries(ISSUER, b"\2" * 32) == ()


def test_threads_of_two_processes_do_not_take_the_same_nonce(
    consortium: Consortium, writer: StatusWriter, migrated: Database
) -> None:
    account = consortium.keys.issuer_accounts[ISSUER]
    digests = [secrets.token_bytes(32) for _ in range(8)]
    writers = [writer, StatusWriter(consortium.chain, consortium.registries.document, Leases(migrated))]

    def revoke(digest: bytes) -> None:
        writers[digest[0] % 2].write(account, [StatusChange(ISSUER, digest, Status.REVOKED)])

    threads = [threading.Thread(target=revoke, args=(digest,)) for digest in digests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for digest in digests:
        assert len(consortium.registries.document.status_entries(ISSUER, digest)) == 1
