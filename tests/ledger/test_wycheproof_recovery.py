"""Wycheproof on secp256k1 through what reads the seals of blocks: who signed is recovered, never taken from the input.

The raw vectors lack the recovery id, so both are tried: the signer must be found exactly where the vector is valid, and
in the one form that counts (low s). The bitcoin set says, of the same curve, which of two signatures has low s; its DER
is unpacked here.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from eth_utils.crypto import keccak

from ledger.errors import Invalid
from ledger.finality import seal
from tests.ledger.envelope_cases import vectors
from tests.tables import Tally
from tests.vector_sets import WYCHEPROOF, outcome

FIELD = 2**256 - 2**32 - 977
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def cases(name: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yield the address of the key, and the case."""
    for group in json.loads((vectors("wycheproof") / f"{name}.json").read_text())["testGroups"]:
        address = keccak(bytes.fromhex(group["publicKey"]["uncompressed"])[1:])[12:]
        for case in group["tests"]:
            yield address, case


def signers(signature: bytes, message: bytes) -> set[bytes]:
    """Return who may have signed: one for each recovery id with which this is a seal."""
    found = set()
    for recovery_id in (0, 1):
        with suppress(Invalid):
            found.add(seal.signer(signature + bytes([recovery_id]), hashlib.sha256(message).digest()))
    return found


def is_other_form(signature: bytes) -> bool:
    """Tell of a valid signature whether it is in a form that does not count: high s, or an r for recovery id 2 or 3."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    return s > ORDER // 2 or r < FIELD - ORDER


def test_raw_signatures(tally: Tally) -> None:
    name, tried = "ecdsa_secp256k1_sha256_p1363_test", {True: 0, False: 0}
    for address, case in cases(name):
        signature, message = bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"])
        found = address in signers(signature, message)
        if case["result"] == "valid" and not found:
            assert is_other_form(signature), case["tcId"]
            tally(WYCHEPROOF, name, outcome(case, False, ours=False))
            continue
        assert found is (case["result"] == "valid"), case["tcId"]
        tally(WYCHEPROOF, name, outcome(case, found))
        tried[found] += 1
    assert tried == {True: 95, False: 85}


def test_of_two_signatures_only_the_one_with_low_s(tally: Tally) -> None:
    """DER that does not unpack to two numbers has no raw form, and cannot be put to us at all."""
    name, tried = "ecdsa_secp256k1_sha256_bitcoin_test", {True: 0, False: 0}
    for address, case in cases(name):
        raw = unpacked(bytes.fromhex(case["sig"]))
        if raw is None:
            tally(WYCHEPROOF, name, "not ours: no raw form")
            continue
        found = address in signers(raw, bytes.fromhex(case["msg"]))
        other_form = case["result"] == "valid" and not found and is_other_form(raw)
        only_der = case["result"] == "invalid" and found
        if only_der:
            assert {"BerEncodedSignature", "InvalidEncoding", "MissingZero"} & set(case["flags"]), case["tcId"]
        elif not other_form:
            assert found is (case["result"] == "valid"), case["tcId"]
        tried[found] += 1
        tally(WYCHEPROOF, name, outcome(case, found and not only_der, ours=not other_form and not only_der))
    assert tried == {True: 161, False: 70}


def unpacked(der: bytes) -> bytes | None:
    try:
        r, s = decode_dss_signature(der)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    except (ValueError, OverflowError):
        return None
