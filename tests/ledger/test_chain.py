import re
from contextlib import suppress
from typing import Any

import pytest
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import artifact
from ledger import registries
from ledger.account import Account
from ledger.authority import AuthorityChange, Role
from ledger.chain import Chain
from ledger.embedded.server import RpcServer
from ledger.errors import Invalid, PortsealError, Refused, Unavailable
from ledger.revert import MENDS, Reverted
from ledger.transaction import Call, await_receipt, sign, submit_all
from tests.consortium import PLAN, Consortium

NOWHERE = "0x000000000000000000000000000000000000dEaD"


def test_blocks(consortium: Consortium) -> None:
    chain = consortium.chain
    head = chain.head()
    assert chain.block(head.number) == head == chain.block(head.hash)
    parent = chain.block(head.number - 1)
    assert parent is not None
    assert head.parent_hash == parent.hash
    assert parent.timestamp < head.timestamp
    assert chain.genesis_hash == chain.block(0).hash  # type: ignore[union-attr]
    assert {len(one) for one in head.transactions} == {32}
    assert chain.block(head.number + 1) is None
    assert chain.block(b"\x11" * 32) is None


def test_what_is_not_there(consortium: Consortium) -> None:
    chain = consortium.chain
    assert chain.receipt(b"\x22" * 32) is None
    assert not chain.knows(b"\x22" * 32)
    assert chain.code(NOWHERE) == b""
    assert chain.nonce(NOWHERE) == 0
    assert chain.storage(NOWHERE, 5) == bytes(32)
    assert chain.call(NOWHERE, b"\x01\x02\x03\x04") == b""


def test_receipts_and_logs_agree(consortium: Consortium) -> None:
    chain, registry = consortium.chain, consortium.registries.authority
    head = chain.head().number
    logs = chain.logs(registry.contract.address, 0, head)
    assert len(logs) == sum(registry.changes(kind).count for kind in AuthorityChange)
    for log in logs[::7]:
        receipt = chain.receipt(log.transaction_hash)
        assert receipt is not None
        assert log in receipt.logs
        assert receipt.block_hash == log.block_hash
    topic = registry.contract.abi.topic("MemberChanged")
    assert len(chain.logs(registry.contract.address, 0, head, [topic])) == 4
    china = b"CN".ljust(32, b"\0")
    assert len(chain.logs(registry.contract.address, 0, head, [topic, None, china])) == 1
    assert len(chain.logs(registry.contract.address, 0, head, [[topic], None, [china]])) == 1
    assert chain.logs(registry.contract.address, head + 1, head + 9) == []


def test_reads_are_of_the_block_asked_for(consortium: Consortium) -> None:
    registry = consortium.registries.authority
    first = consortium.network.deployed_at
    assert len(registry.authorities()) == 12
    assert len(registry.authorities(first)) == 4
    with pytest.raises(Unavailable) as caught:
        registry.authorities(first - 1)
    assert caught.value.code == "chain.no-contract"
    with pytest.raises(Unavailable):
        registry.authorities(consortium.chain.head().number + 1)


def test_a_transaction_sent_again_is_a_success(consortium: Consortium) -> None:
    chain = consortium.chain
    signed = sign(Account.generate(), Call(NOWHERE, b"hello"), nonce=0, chain_id=chain.chain_id)
    assert chain.send(signed.raw) == signed.hash == keccak(signed.raw)
    assert chain.send(signed.raw) == signed.hash, "while it waits"
    assert await_receipt(chain, signed.hash).succeeded
    assert chain.send(signed.raw) == signed.hash, "when it is mined"
    assert chain.knows(signed.hash)


def test_a_used_nonce_is_refused(consortium: Consortium) -> None:
    chain, account = consortium.chain, Account.generate()
    await_receipt(chain, chain.send(sign(account, Call(NOWHERE, b"1"), nonce=0, chain_id=chain.chain_id).raw))
    with pytest.raises(Refused) as caught:
        chain.send(sign(account, Call(NOWHERE, b"2"), nonce=0, chain_id=chain.chain_id).raw)
    assert caught.value.code == "chain.nonce-taken"


def test_another_transaction_with_a_waiting_nonce_is_refused(consortium: Consortium) -> None:
    chain, account = consortium.chain, Account.generate()
    chain.send(sign(account, Call(NOWHERE, b"1"), nonce=0, chain_id=chain.chain_id).raw)
    with pytest.raises(Refused) as caught:
        chain.send(sign(account, Call(NOWHERE, b"2"), nonce=0, chain_id=chain.chain_id).raw)
    assert caught.value.code == "chain.replacement"


def test_a_transaction_for_another_chain_is_refused(consortium: Consortium) -> None:
    signed = sign(Account.generate(), Call(NOWHERE, b""), nonce=0, chain_id=1)
    with pytest.raises(Refused) as caught:
        consortium.chain.send(signed.raw)
    assert caught.value.code == "chain.other-chain"


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\xf8", b"\x02\xc0", b"\xff" * 100])
def test_bytes_that_are_no_transaction(consortium: Consortium, raw: bytes) -> None:
    with pytest.raises(PortsealError):
        consortium.chain.send(raw)


def test_known_counts_only_if_the_hash_is_ours() -> None:
    def transport(method: str, params: list[Any]) -> dict[str, Any]:
        if method == "eth_sendRawTransaction":
            return {"error": {"code": -32000, "message": "already known"}}
        return {"result": None}

    with pytest.raises(Unavailable) as caught:
        Chain(transport).send(b"\x01")
    assert caught.value.code == "chain.not-sent"


def test_a_node_that_names_another_transaction() -> None:
    with pytest.raises(Unavailable) as caught:
        Chain(lambda method, params: {"result": "0x" + "11" * 32}).send(b"\x01")
    assert caught.value.code == "chain.answer"


def test_the_contract_says_why(consortium: Consortium) -> None:
    stranger = Account.generate()
    with pytest.raises(Refused) as caught:
        consortium.submit(stranger, consortium.registries.issuer.add_issuer("cn.new", "cn.customs"))
    error = caught.value
    assert error.code == "contract.IssuerRegistryNotAccreditor"
    assert stranger.address in error.detail
    assert "cn.new" in error.detail
    assert error.mend == MENDS["IssuerRegistryNotAccreditor"]
    assert consortium.chain.nonce(stranger.address) == 0, "what is refused now is not sent"


def test_a_mined_failure_says_why(consortium: Consortium) -> None:
    stranger = Account.generate()
    call = consortium.registries.document.anchor(b"\x01" * 32, 1, b"\x02" * 32)
    with pytest.raises(Refused) as caught:
        submit_all(consortium.chain, [(stranger, call)])
    assert caught.value.code == "contract.DocumentRegistryNotAnchoring"
    assert consortium.chain.nonce(stranger.address) == 1


def test_every_error_of_a_contract_has_a_mend() -> None:
    elements = [element for name in registries.NAMES for element in artifact(name).abi]
    stated = {element["name"] for element in elements if element["type"] == "error"}
    # Only a deployer or the contract's own author can meet these.
    nobodys = {f"{name}NoContract" for name in registries.NAMES} | {"InvalidShortString", "StringTooLong"}
    assert MENDS.keys() == stated - nobodys


def test_arguments_are_checked_before_the_node_is_asked(consortium: Consortium) -> None:
    registry = consortium.registries.document
    with pytest.raises(Invalid):
        registry.anchor(b"short", 1, b"\x02" * 32)
    with pytest.raises(Invalid):
        registry.anchor(b"\x01" * 32, 2**64, b"\x02" * 32)
    with pytest.raises(Invalid):
        registry.anchor(b"\x01" * 33, 1, b"\x02" * 32)
    with pytest.raises(Invalid):
        consortium.registries.authority.account("0x12")


def test_over_http_all_is_the_same(consortium: Consortium) -> None:
    server = RpcServer(consortium.embedded, port=0)
    server.start()
    chain = Chain.http(server.url)
    try:
        assert chain.head() == consortium.chain.head()
        assert chain.chain_id == consortium.chain.chain_id
        registries = consortium.network.registries(chain)
        for member in PLAN:
            assert registries.authority.member_entries(member.country)
        with pytest.raises(Refused) as caught:
            registries.authority.proposal(99)
        assert caught.value.code == "contract.AuthorityRegistryProposalUnknown"
        assert re.search(r"\b99\b", caught.value.detail)
    finally:
        chain.close()
        server.close()


def test_no_url_that_a_contract_names_is_fetched() -> None:
    lookup = "0x556f1830" + "00" * 160
    seen = []

    def transport(method: str, params: list[Any]) -> dict[str, Any]:
        seen.append(method)
        return {"error": {"code": 3, "message": "execution reverted", "data": lookup}}

    with pytest.raises(PortsealError):
        Chain(transport).call(NOWHERE, b"")
    assert seen == ["eth_call"]


REVERT_SHAPES: list[Any] = [
    {"code": 3, "message": "execution reverted", "data": "0xdeadbeef"},
    {"code": -32000, "message": "Execution reverted", "data": "0xdeadbeef"},
    {"code": -32015, "message": "VM execution error.", "data": "Reverted 0xdeadbeef"},
    {"code": -32000, "message": "reverted", "data": {"data": "0xdeadbeef", "message": "x"}},
]


@pytest.mark.parametrize("shape", REVERT_SHAPES)
def test_every_shape_of_a_revert(shape: Any) -> None:
    with pytest.raises(Reverted) as caught:
        Chain(lambda method, params: {"error": shape}).call(NOWHERE, b"")
    assert caught.value.data == bytes.fromhex("deadbeef")


def test_a_revert_without_a_reason() -> None:
    with pytest.raises(Reverted) as caught:
        Chain(lambda method, params: {"error": {"code": 3, "message": "execution reverted"}}).call(NOWHERE, b"")
    assert caught.value.code == "contract.reverted"


def test_an_unknown_error_is_no_revert() -> None:
    with pytest.raises(Unavailable) as caught:
        Chain(lambda method, params: {"error": {"code": -32005, "message": "rate limit"}}).call(NOWHERE, b"")
    assert caught.value.code == "chain.error"


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
HEX = st.binary(max_size=40).map(lambda data: "0x" + data.hex())
NAMES = st.sampled_from(
    re.findall(
        r"\w+",
        """number hash parentHash timestamp stateRoot transactions blockNumber blockHash status logs gasUsed topics
        data address logIndex transactionHash nonce balance codeHash storageHash accountProof storageProof key value
        proof message code""",
    )
)
ANYTHING = st.recursive(
    SCALARS | HEX, lambda one: st.lists(one, max_size=3) | st.dictionaries(NAMES, one, max_size=9), max_leaves=20
)


@settings(max_examples=150, deadline=None)
@given(answer=st.fixed_dictionaries({"result": ANYTHING}) | st.fixed_dictionaries({"error": ANYTHING}))
def test_no_answer_of_a_node_gets_through_unread(answer: dict[str, Any]) -> None:
    """A node may say anything: what comes out is of the promised type, or one of our errors."""
    chain = Chain(lambda method, params: answer)
    for ask in (
        lambda: chain.chain_id,
        chain.head,
        lambda: chain.block(1),
        lambda: chain.nonce(NOWHERE),
        lambda: chain.code(NOWHERE),
        lambda: chain.storage(NOWHERE, 1),
        lambda: chain.call(NOWHERE, b""),
        lambda: chain.estimate_gas(NOWHERE, b"", NOWHERE),
        lambda: chain.send(b"\x01"),
        lambda: chain.receipt(b"\x01" * 32),
        lambda: chain.logs(NOWHERE, 0, 1),
        lambda: chain.proof(NOWHERE, [1]),
    ):
        with suppress(PortsealError):
            ask()


def test_roles_are_read(consortium: Consortium) -> None:
    registry = consortium.registries.authority
    for (authority, role), account in consortium.keys.accounts.items():
        assert registry.account(account.address) == (authority, role)
        assert registry.may_act(account.address, authority, role)
        assert not registry.may_act(account.address, authority, Role(role % 3 + 1))
