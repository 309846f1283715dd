"""The committed artifacts: complete, small enough, made from the sources that stand beside them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import Artifact, artifact, runtime_matches
from tests.contracts.node_tools import ROOT

NAMES = ("AuthorityRegistry", "IssuerRegistry", "DocumentRegistry", "RecognitionRegistry", "OperatorRegistry")
EIP_170_LIMIT = 24_576


@pytest.fixture(params=NAMES)
def contract(request: pytest.FixtureRequest) -> Artifact:
    return artifact(request.param)


def test_the_code_fits_into_a_block_of_code(contract: Artifact) -> None:
    assert 0 < len(contract.runtime) < EIP_170_LIMIT
    assert contract.bytecode.endswith(contract.runtime)


def test_the_sources_are_those_beside_it(contract: Artifact) -> None:
    """A change of a source without scripts/compile shows here, with no compiler at hand."""
    for path, digest in contract.compiler["sourcesSha256"].items():
        file = ROOT / "node_modules" / path if path.startswith("@") else ROOT / path
        if path.startswith("@") and not file.exists():
            continue  # the library comes with Node's tools; package-lock.json pins it
        assert hashlib.sha256(file.read_bytes()).hexdigest() == digest, f"run scripts/compile: {path} changed"


def test_the_compiler_is_pinned(contract: Artifact) -> None:
    assert contract.compiler["version"] == "0.8.30+commit.73712a01"
    assert contract.compiler["evmVersion"] == "london"
    assert contract.compiler["optimizer"] == {"enabled": True, "runs": 200}


def test_the_abi_holds_every_error_that_can_be_met(contract: Artifact) -> None:
    errors = {entry["name"] for entry in contract.abi if entry["type"] == "error"}
    assert {"DatedListBackdated", "DatedListIntervalEmpty"} <= errors
    assert any(name.startswith(contract.name) for name in errors)


def test_every_event_field_is_static_and_indexed_fields_come_first(contract: Artifact) -> None:
    """So that the change under the running hash is keccak256(topics after the index, then data)."""
    for event in (entry for entry in contract.abi if entry["type"] == "event"):
        if event["name"] == "EIP712DomainChanged":
            continue  # of EIP-5267; the domain never changes, and nothing emits it
        indexed = [field["indexed"] for field in event["inputs"]]
        assert indexed == sorted(indexed, reverse=True)
        assert (event["inputs"][0]["name"], indexed[0]) == ("index", True)
        for field in event["inputs"]:
            assert not field["type"].endswith("]")
            assert field["type"] not in ("string", "bytes")


@given(st.binary(min_size=32, max_size=32))
def test_immutable_values_do_not_matter(value: bytes) -> None:
    registry = artifact("DocumentRegistry")
    code = bytearray(registry.runtime)
    for start, length in registry.immutables:
        code[start : start + length] = value[:length]
    assert runtime_matches(registry, bytes(code))


@given(st.data())
def test_any_other_difference_matters(data: st.DataObject) -> None:
    registry = artifact(data.draw(st.sampled_from(NAMES)))
    masked = {place for start, length in registry.immutables for place in range(start, start + length)}
    places = [place for place in range(len(registry.runtime)) if place not in masked]
    code = bytearray(registry.runtime)
    code[data.draw(st.sampled_from(places))] ^= data.draw(st.integers(1, 255))
    assert not runtime_matches(registry, bytes(code))


def test_longer_shorter_and_no_code_do_not_match(contract: Artifact) -> None:
    assert not runtime_matches(contract, contract.runtime + b"\0")
    assert not runtime_matches(contract, contract.runtime[:-1])
    assert not runtime_matches(contract, b"")
    assert runtime_matches(contract, contract.runtime)


@pytest.mark.parametrize("name", ["", "Nothing", "../../pyproject", "authorityregistry", "AuthorityRegistry.json"])
def test_there_is_no_such_contract(name: str) -> None:
    with pytest.raises(KeyError):
        artifact(name)
