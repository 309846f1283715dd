"""A device's trust roots: newer ones of its own network, and no others."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.device.device import Device
from ledger.errors import PortsealError
from tests.api.device_case import Packs
from tests.consortium import Consortium
from tests.verifier.chain_case import Case


def test_newer_trust_roots_of_the_same_network(consortium: Consortium, tmp_path: Path) -> None:
    packs = Packs(Case(consortium))
    device = packs.enrolled(tmp_path / "device")
    held = device.roots

    def roots(**parts: Any) -> bytes:
        return json.dumps(replace(held, **parts).to_json()).encode()

    device.apply(packs.files[1])
    assert refused(device, roots(chain_id=held.chain_id + 1)) == "trust.other"
    assert refused(device, roots(block=held.block - 1)) == "trust.older"
    assert refused(device, b"{}") == "trust.form"
    device.trust(roots(block=held.block + 1))
    assert Device(device.folder).roots.block == held.block + 1
    assert device.pack.hash == packs.packs[1].hash


def refused(device: Device, data: bytes) -> str:
    with pytest.raises(PortsealError) as caught:
        device.trust(data)
    return caught.value.code
