"""A running node with two folder stores that both must hold everything: damage is never seen, and mended by itself."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from anchors.cid import Cid, Codec, cid_of
from anchors.stores import FolderStore
from ledger.errors import Unavailable
from tests.anchors.folder_damage import spoil
from tests.api.test_documents import CARRIER, bill, enveloped, register
from tests.demonstration_node import Api, demonstration_node


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    base = tmp_path_factory.mktemp("stores")
    return [base / "home" / "payloads", base / "second"]


@pytest.fixture(scope="module")
def api(folders: list[Path]) -> Iterator[Api]:
    stores = f"folder,second={folders[1]}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("anchors.replicas.audit_pass.SHORTEST", 1)
        with demonstration_node(folders[0].parent, stores=stores, replicas=2, audit_bytes=10**8) as api:
            yield api


def stored(api: Api, number: str) -> tuple[str, bytes]:
    digest = register(api, {"envelope": enveloped(api, bill(number))}).json()["digest"]
    assert api.until_final(digest)["state"] == "final"
    return digest, payload_of(api, digest)


def payload_of(api: Api, digest: str) -> bytes:
    answer = api.http.get(f"/v1/documents/{digest}/payload", headers=api.key(CARRIER))
    assert answer.status_code == 200, answer.text
    return base64.b64decode(answer.json()["payload"])


def gives(folder: Path, cid: Cid) -> bool:
    with FolderStore(folder) as store:
        try:
            return bool(store.get(cid))
        except Unavailable:
            return False


def test_both_have_the_payload_and_the_manifest(api: Api, folders: list[Path]) -> None:
    digest, payload = stored(api, "STORES000001")
    manifest = bytes.fromhex(api.http.get(f"/v1/documents/{digest}").json()["batch"]["manifest_digest"])
    for folder in folders:
        assert gives(folder, cid_of(payload))
        assert gives(folder, Cid(Codec.RAW, manifest))


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("how", ["flip", "truncate", "delete"])
def test_damage_is_never_seen_and_mended_by_itself(api: Api, folders: list[Path], which: int, how: str) -> None:
    digest, payload = stored(api, f"STORES{which}{how[:5].upper()}")
    spoil(folders[which], cid_of(payload), how)
    assert payload_of(api, digest) == payload
    deadline = time.monotonic() + 60
    while not gives(folders[which], cid_of(payload)):
        assert payload_of(api, digest) == payload
        assert time.monotonic() < deadline
        time.sleep(0.2)
