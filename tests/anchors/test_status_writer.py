import threading
from pathlib import Path

import pytest

from anchors.status_writer import StatusWriter
from ledger.authority_registry import Role
from ledger.document_registry import Status, StatusChange
from ledger.errors import Refused
from tests.consortium import Consortium

ISSUER = "cn.carrier"


@pytest.fixture
def writer(consortium: Consortium) -> StatusWriter:
    return StatusWriter(consortium.chain, consortium.registries.document)


def test_the_issuer_and_its_authority_may(consortium: Consortium, writer: StatusWriter) -> None:
    digest = b"\1" * 32
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


def test_threads_do_not_take_the_same_nonce(consortium: Consortium, writer: StatusWriter, tmp_path: Path) -> None:
    account = consortium.keys.issuer_accounts[ISSUER]
    digests = [bytes([number]) * 32 for number in range(10, 18)]

    def revoke(digest: bytes) -> None:
        writer.write(account, [StatusChange(ISSUER, digest, Status.REVOKED)])

    threads = [threading.Thread(target=revoke, args=(digest,)) for digest in digests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for digest in digests:
        assert len(consortium.registries.document.status_entries(ISSUER, digest)) == 1
