"""A device whose members changed their keys since it was enrolled: it follows with each pack, and never back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.device.device import Device
from ledger.document_registry import Status, StatusChange
from ledger.errors import PortsealError
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.api.device_case import die_at
from tests.consortium import Consortium
from tests.verifier.chain_case import ISSUER, Case
from tests.verifier.roster_packs import BY, RosterPacks
from verifier.trust_roots import TrustRoots


@pytest.fixture
def packs(consortium_template: Consortium, tmp_path: Path) -> Iterator[RosterPacks]:
    with consortium_template.copy(tmp_path / "chain") as copy:
        yield RosterPacks(Case(copy))


def as_bytes(roots: TrustRoots) -> bytes:
    return json.dumps(roots.to_json()).encode()


def enrolled(folder: Path, roots: TrustRoots) -> Device:
    return Device.enrol(folder, BY, as_bytes(roots), PrivateKey.generate(Algorithm.ED25519))


def refused(deed: Callable[[], object]) -> str:
    with pytest.raises(PortsealError) as caught:
        deed()
    return caught.value.code


def test_a_device_that_was_away_while_all_keys_changed(packs: RosterPacks, tmp_path: Path) -> None:
    old = packs.roots()
    packs.checkpoint()
    device = enrolled(tmp_path / "device", old)
    device.apply(packs.pack().encode())
    before = device.roots
    packs.rotated_by_all()
    packs.case.act(
        packs.case.consortium.registries.document.set_status(
            StatusChange(ISSUER, packs.case.anchored().digest, Status.REVOKED)
        )
    )
    packs.checkpoint()
    packs.pack()
    pack = device.apply(packs.delta().encode())
    assert Device(device.folder).held == (2, pack.hash)
    assert device.roots.block == pack.block.number > before.block
    assert device.roots.finality == packs.roots().finality
    # What is held is checked anew, by the roots that it handed over to.
    assert Device(device.folder).pack.block.block_hash == pack.block.block_hash
    assert refused(lambda: device.apply(packs.files[0].encode())) == "pack.rolled-back"


def test_one_that_takes_each_pack_needs_no_hand_over(packs: RosterPacks, tmp_path: Path) -> None:
    packs.checkpoint()
    device = enrolled(tmp_path / "device", packs.roots())
    device.apply(packs.pack().encode())
    for country in ("CN", "SG", "KR", "JP"):
        packs.rotate(country)
        packs.checkpoint()
        assert device.held
        bare = packs.handing_over(packs.pack(), lambda _: [])
        device.apply(packs.signed(bare, previous=device.held[1].hex()).encode())
    assert device.roots.finality == packs.roots().finality


def test_what_the_old_keys_sign_later_is_refused(packs: RosterPacks, tmp_path: Path) -> None:
    """Roots that stay as they were would believe it: so they follow with every pack."""
    stolen, old = dict(packs.keys), packs.roots()
    packs.rotated_by_all()
    file = packs.pack()
    device, other = enrolled(tmp_path / "device", old), enrolled(tmp_path / "other", old)
    device.apply(file.encode())
    late = packs.as_of(file, packs.checkpoint(keys=stolen)).encode()
    assert refused(lambda: device.apply(late)) in ("finality.too-few", "finality.hand-over")
    assert Device(device.folder).held == (1, device.pack.hash)
    assert other.apply(late).block.number > device.pack.block.number


def test_roots_of_before_do_not_come_back(packs: RosterPacks, tmp_path: Path) -> None:
    old = packs.roots()
    packs.rotated_by_all()
    device = enrolled(tmp_path / "device", old)
    device.apply(packs.pack().encode())
    assert refused(lambda: device.trust(as_bytes(old))) == "trust.older"
    assert Device(device.folder).roots.finality == packs.roots().finality


@pytest.mark.parametrize("point", ["device.pack.before", "device.pack.after"])
def test_killed_on_the_way_it_holds_both_of_before_or_both_of_after(
    packs: RosterPacks, tmp_path: Path, point: str
) -> None:
    old = packs.roots()
    packs.rotated_by_all()
    file = tmp_path / "pack"
    file.write_bytes(packs.pack().encode())
    device = enrolled(tmp_path / "device", old)
    die_at(point, device.folder, file)
    after = Device(device.folder)
    if point.endswith("before"):
        assert (after.held, after.roots) == (None, old)
    else:
        assert after.held
        assert after.roots.finality == packs.roots().finality
        assert after.pack.block.number == after.roots.block
    assert after.apply(file.read_bytes()).block.number == Device(device.folder).roots.block


def test_where_nothing_leads_to_the_new_members_newer_roots_do(packs: RosterPacks, tmp_path: Path) -> None:
    old = packs.roots()
    packs.checkpoint()
    for country in ("CN", "SG"):
        packs.rotate(country)
    packs.checkpoint()
    file = packs.pack()
    device = enrolled(tmp_path / "device", old)
    assert refused(lambda: device.apply(file.encode())) == "finality.hand-over"
    assert (device.held, device.roots) == (None, old)
    device.trust(as_bytes(packs.roots()))
    assert device.apply(file.encode()).head.number == 1
