import threading

import pytest
from eth_account import Account as EthAccount
from eth_utils.crypto import keccak

from ledger.account import Account
from ledger.chain import Chain
from ledger.errors import Refused, Unavailable
from ledger.transaction import Call, await_receipt, sign, submit_all
from tests.consortium import Consortium

NOWHERE = "0x000000000000000000000000000000000000dEaD"


def test_a_signed_transaction_is_legacy_replay_protected_and_free() -> None:
    account = Account(b"\x07" * 32)
    signed = sign(account, Call(NOWHERE, b"\x01\x02"), nonce=9, chain_id=87001, gas=123_456)
    assert signed.hash == keccak(signed.raw)
    assert signed.sender == account.address == EthAccount.recover_transaction(signed.raw)
    assert signed.nonce == 9
    assert signed.raw[0] >= 0xC0, "a typed transaction begins with its type"


def test_signing_the_same_gives_the_same_bytes() -> None:
    # The outbox signs once and stores, but a signature must not hide a random nonce either (RFC 6979).
    account = Account(b"\x07" * 32)
    twice = [sign(account, Call(NOWHERE, b""), nonce=1, chain_id=5) for _ in range(2)]
    assert twice[0] == twice[1]


def test_calls_of_one_account_keep_their_order(consortium: Consortium) -> None:
    actor, registry = consortium.account("sg.chamber"), consortium.registries.issuer
    calls = [registry.add_issuer("sg.order", "sg.chamber"), registry.accredit("sg.order", ["bill-of-lading"])]
    receipts = submit_all(consortium.chain, [(actor, call) for call in calls])
    assert [one.succeeded for one in receipts] == [True, True]
    assert receipts[0].block_number <= receipts[1].block_number
    assert registry.kinds("sg.order") == ("bill-of-lading",)


def test_the_first_failure_is_told_when_all_are_mined(consortium: Consortium) -> None:
    actor, registry = consortium.account("sg.chamber"), consortium.registries.issuer
    calls = [
        registry.add_issuer("sg.one", "sg.chamber"),
        registry.add_issuer("sg.one", "sg.chamber"),
        registry.add_issuer("sg.two", "sg.chamber"),
    ]
    with pytest.raises(Refused) as caught:
        submit_all(consortium.chain, [(actor, call) for call in calls])
    assert caught.value.code == "contract.IssuerRegistryIssuerExists"
    assert {"sg.one", "sg.two"} <= set(registry.issuers())


def test_a_transaction_that_is_never_mined(consortium: Consortium) -> None:
    with pytest.raises(Unavailable) as caught:
        await_receipt(consortium.chain, b"\x01" * 32, patience=0.2)
    assert caught.value.code == "chain.not-mined"


def test_waiting_sees_the_block_that_comes(consortium: Consortium) -> None:
    chain = Chain(consortium.embedded.request)
    raw = sign(Account.generate(), Call(NOWHERE, b""), nonce=0, chain_id=chain.chain_id).raw
    digest = chain.send(raw)
    assert chain.receipt(digest) is None
    assert chain.knows(digest)
    timer = threading.Timer(0.2, consortium.embedded.mine)
    timer.start()
    receipt = await_receipt(chain, digest, patience=60)
    timer.join()
    assert receipt.succeeded
    assert receipt.transaction_hash == digest
