"""Which third-party vectors (../shared/vectors) are used, by which tests; and why the others are not.

The table of Wycheproof counts each case: `taken` and `refused` as the vectors want it, `not ours` where the algorithm,
or the form, is none that we read (each of those is tried too, and refused, wherever it can be put into our input).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WYCHEPROOF = "Wycheproof through our own entry points"
SETS = "Test vectors of others"


def outcome(case: Mapping[str, Any], taken: bool, *, ours: bool = True) -> str:
    """Return the column for a case that came out as it should."""
    if not ours:
        return "not ours: refused"
    if case["result"] == "acceptable":
        return "acceptable: taken" if taken else "acceptable: refused"
    return "valid: taken" if taken else "invalid: refused" if case["result"] == "invalid" else "valid: refused"


@dataclass(frozen=True)
class VectorSet:
    """Files of one set (glob below ../shared/vectors), and the tests that use them, or `why` they are not used."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...] = ()
    why: str = ""


VECTOR_SETS = (
    VectorSet("jcs: documents and 20,000 numbers", ("jcs/**/*",), ("ledger/test_canonical.py",)),
    VectorSet("jsontestsuite", ("jsontestsuite/**/*",), ("ledger/test_strict_json.py",)),
    VectorSet("merkle: inclusion and consistency", ("merkle/**/*",), ("anchors/test_merkle.py",)),
    VectorSet(
        "wycheproof: ES256, Ed25519, JWS, JWK",
        ("wycheproof/ecdsa_secp256r1_sha256_p1363*", "wycheproof/ed25519*", "wycheproof/json_web_[sk]*"),
        ("ledger/test_wycheproof_signatures.py",),
    ),
    VectorSet(
        "wycheproof: secp256k1, as blocks are sealed and transactions signed",
        ("wycheproof/ecdsa_secp256k1_sha256_p1363*", "wycheproof/ecdsa_secp256k1_sha256_bitcoin*"),
        ("ledger/test_wycheproof_recovery.py",),
    ),
    VectorSet(
        "wycheproof: AES-GCM, X25519, ECDH on P-256, JWE",
        ("wycheproof/aes_gcm*", "wycheproof/x25519*", "wycheproof/ecdh*", "wycheproof/json_web_encryption*"),
        ("anchors/test_wycheproof_encryption.py",),
    ),
    VectorSet(
        "wycheproof: ECDSA in DER",
        ("wycheproof/ecdsa_secp256r1_sha256_test*", "wycheproof/ecdsa_secp256k1_sha256_test*"),
        why="no signature in DER is read anywhere; the same cases in the raw form are used",
    ),
    VectorSet("wycheproof: HKDF", ("wycheproof/hkdf*",), why="HKDF is not used (JWE derives with Concat KDF)"),
    VectorSet("sdjwt: both projects", ("sdjwt/**/*",), ("ledger/test_sdjwt_vectors.py",)),
    VectorSet(
        "eip712", ("eip712/**/*",), why="no EIP-712 message is made or read in Python yet; the contracts hash their own"
    ),
    VectorSet("trie and RLP", ("trie/**/*",), ("chain/test_embedded_vectors.py", "ledger/test_strict_rlp.py")),
    VectorSet("cid: CAR files, blocks, Kubo's trees", ("cid/**/*",), ("anchors/test_cid.py", "anchors/test_car.py")),
    VectorSet(
        "chain: the recorded QBFT network",
        ("chain/**/*",),
        ("ledger/test_finality_qbft.py", "anchors/test_finality_qbft.py", "ledger/test_state_proof.py"),
    ),
)
