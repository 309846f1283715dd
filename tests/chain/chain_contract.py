"""What every chain must do behind ledger.chain.Chain: reading and executing; a test module for each chain runs it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import rlp
from eth_utils.address import to_canonical_address
from eth_utils.crypto import keccak
from trie import HexaryTrie

from ledger.account_proof import AccountProof
from ledger.errors import Unavailable
from ledger.revert import Reverted
from ledger.transaction import GAS, Call, estimate_gas, submit
from tests.chain.contracts import BROKEN, creation, words
from tests.chain.site import NOWHERE, Sender, Site

UNKNOWN = b"\x11" * 32
# Returns the base fee (EIP-3198).
BASE_FEE = bytes.fromhex("4860005260206000f3")
# Creates an empty contract by PUSH0 (EIP-3855).
PUSH0 = bytes.fromhex("5f5ff3")


def storage_word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def proven(root: bytes, key: bytes, nodes: tuple[bytes, ...]) -> bytes:
    """Return what stands under the key by the proof alone; raises if the proof does not hold."""
    return bytes(HexaryTrie.get_from_proof(root, keccak(key), [rlp.decode(node) for node in nodes]))


def assert_account_proven(state_root: bytes, proof: AccountProof) -> None:
    leaf = proven(state_root, to_canonical_address(proof.address), proof.nodes)
    stated = [proof.nonce, proof.balance, proof.storage_root, proof.code_hash]
    assert leaf == rlp.encode(stated)
    for slot, one in proof.slots.items():
        value = proven(proof.storage_root, storage_word(slot), one.nodes) if one.nodes else b""
        stripped = one.value.lstrip(b"\0")
        assert value == (rlp.encode(stripped) if stripped else b"")


class ReadingContract:
    """Blocks, accounts, calls, logs and proofs, at the head and long after.

    Anvil departs from Ethereum in two places: `states_first_header` and `zero_is_absent` are false for it.
    """

    states_first_header = True
    zero_is_absent = True

    def test_blocks_by_number_and_hash(self, site: Site) -> None:
        receipt = site.done()
        block = site.chain.block(receipt.block_number)
        assert block is not None
        assert block.hash == receipt.block_hash
        assert receipt.transaction_hash in block.transactions
        assert site.chain.block(block.hash) == block
        parent = site.chain.block(block.parent_hash)
        assert parent is not None
        assert parent == site.chain.block(block.number - 1)
        assert parent.timestamp < block.timestamp
        assert site.chain.head().number >= block.number
        first = site.chain.block(0)
        assert first is not None
        assert first.hash == site.chain.genesis_hash

    def test_headers_are_the_bytes_behind_the_hash(self, site: Site) -> None:
        block = site.chain.block(site.block)
        assert block is not None
        assert keccak(site.chain.header(block.number)) == block.hash
        if self.states_first_header:
            assert keccak(site.chain.header(0)) == site.chain.genesis_hash
        else:
            with pytest.raises(Unavailable, match=r"chain\.answer"):
                site.chain.header(0)

    def test_what_is_not_there(self, site: Site) -> None:
        chain = site.chain
        assert chain.block(UNKNOWN) is None
        assert chain.block(chain.head().number + 1000) is None
        assert chain.receipt(UNKNOWN) is None
        assert not chain.knows(UNKNOWN)
        assert chain.code(NOWHERE) == b""
        assert chain.nonce(Sender(chain).address) == 0
        assert chain.nonce(Sender(chain).address, pending=True) == 0
        assert chain.storage(NOWHERE, 5) == bytes(32)
        assert chain.call(NOWHERE, b"\x01\x02\x03\x04") == b""

    def test_a_block_that_is_not_there_yet_is_unavailable(self, site: Site) -> None:
        future = site.chain.head().number + 1000
        for ask in (
            lambda: site.chain.code(site.store, future),
            lambda: site.chain.storage(site.store, 1, future),
            lambda: site.chain.call(site.store, words(1), at=future),
            lambda: site.chain.proof(site.store, [1], future),
            lambda: site.chain.header(future),
        ):
            with pytest.raises(Unavailable):
                ask()

    def test_state_is_of_the_block_asked_for(self, site: Site) -> None:
        key = 77
        before = site.block
        first = site.done(words(key, 7), site.store).block_number
        second = site.done(words(key, 9), site.store).block_number
        for at, value in ((before, 0), (first, 7), (second, 9), (None, 9)):
            assert site.chain.storage(site.store, key, at) == storage_word(value)
            assert site.chain.call(site.store, words(key), at=at) == storage_word(value)
        assert site.chain.code(site.store, 0) == b""
        assert site.chain.code(site.store, first) == site.chain.code(site.store)

    def test_proofs_hold_against_the_state_root_of_old_and_new_blocks(self, site: Site) -> None:
        key = 78
        before = site.block
        first = site.done(words(key, 0xABCDEF), site.store).block_number
        second = site.done(words(key, 2**256 - 1), site.store).block_number
        for at, value in ((before, 0), (first, 0xABCDEF), (second, 2**256 - 1)):
            block = site.chain.block(at)
            assert block is not None
            proof = site.chain.proof(site.store, [key, 12345], at)
            assert proof.slots[key].value == storage_word(value)
            assert proof.slots[12345].value == bytes(32)
            assert proof.code_hash == keccak(site.chain.code(site.store))
            assert_account_proven(block.state_root, proof)

    def test_a_slot_set_back_to_zero_is_proven_absent(self, site: Site) -> None:
        site.done(words(79, 1), site.store)
        at = site.done(words(79, 0), site.store).block_number
        block = site.chain.block(at)
        assert block is not None
        proof = site.chain.proof(site.store, [79], at)
        assert proof.slots[79].value == bytes(32)
        if self.zero_is_absent:
            assert_account_proven(block.state_root, proof)
        else:
            # It keeps a zero in the trie. Our registries never set a slot back.
            with pytest.raises(AssertionError):
                assert_account_proven(block.state_root, proof)

    def test_absence_of_an_account_is_proven(self, site: Site) -> None:
        block = site.chain.block(site.block)
        assert block is not None
        proof = site.chain.proof(NOWHERE, [], block.number)
        assert proven(block.state_root, to_canonical_address(NOWHERE), proof.nodes) == b""

    def test_logs_by_range_and_topic(self, site: Site) -> None:
        sent = [site.sender.send(words(one, two), site.logger) for one, two in ((1, 1), (1, 2), (2, 2))]
        receipts = site.settled(sent)
        first, last = receipts[0].block_number, receipts[-1].block_number
        one, two = storage_word(1), storage_word(2)
        mine = [log for receipt in receipts for log in receipt.logs]
        assert [log.topics for log in mine] == [(one, one), (one, two), (two, two)]

        def found(*topics: bytes | list[bytes] | None) -> list[bytes]:
            return [log.transaction_hash for log in site.chain.logs(site.logger, first, last, topics)]

        assert site.chain.logs(site.logger, first, last) == mine
        assert found(one) == sent[:2]
        assert found(None, two) == sent[1:]
        assert found([one, two], two) == sent[1:]
        assert found(two, one) == []
        assert site.chain.logs(site.logger, 0, first - 1) == []
        assert site.chain.logs(site.store, first, last) == []
        assert {log.block_hash for log in mine} == {receipt.block_hash for receipt in receipts}

    def test_logs_beyond_the_head_are_none_or_an_error(self, site: Site) -> None:
        head = site.chain.head().number
        with suppress(Unavailable):
            assert site.chain.logs(site.logger, head + 1000, head + 1010) == []

    def test_a_revert_has_its_data(self, site: Site) -> None:
        for data in (b"\xde\xad\xbe\xef" + words(1), b""):
            with pytest.raises(Reverted) as caught:
                site.chain.call(site.revert, data)
            assert caught.value.data == data
            with pytest.raises(Reverted) as caught:
                site.chain.estimate_gas(site.revert, data, site.sender.address)
            assert caught.value.data == data

    def test_many_threads_read_at_once(self, site: Site) -> None:
        block = site.chain.block(site.block)
        with ThreadPoolExecutor(8) as pool:
            for read in pool.map(lambda _: site.chain.block(site.block), range(80)):
                assert read == block


class ExecutingContract:
    """Transactions, from estimate to receipt."""

    def test_a_transaction_is_sent_and_mined(self, site: Site) -> None:
        signed = site.sender.signed(words(5, 6), site.store)
        assert site.sender.send(words(5, 6), site.store) == signed.hash
        receipt = site.settled([signed.hash])[0]
        assert receipt.succeeded
        assert receipt.transaction_hash == signed.hash
        assert receipt.contract_address is None
        assert 21_000 < receipt.gas_used < 100_000
        assert site.chain.knows(signed.hash)

    def test_a_failed_transaction_is_mined_too(self, site: Site) -> None:
        receipt = site.done(b"\x01", site.revert)
        assert not receipt.succeeded
        assert receipt.logs == ()

    def test_what_breaks_without_a_revert_is_an_error_of_the_node(self, site: Site) -> None:
        address = str(site.done(creation(BROKEN), None).contract_address)
        for ask in (
            lambda: site.chain.call(address, b""),
            lambda: site.chain.estimate_gas(address, b"", NOWHERE),
            lambda: site.chain.estimate_gas(None, b"\xfe", NOWHERE),
        ):
            with pytest.raises(Unavailable, match=r"chain\.error"):
                ask()
        receipt = site.done(b"", address)
        assert not receipt.succeeded
        assert receipt.gas_used == GAS

    def test_rules_are_those_of_london_and_the_base_fee_is_zero(self, site: Site) -> None:
        sent = [site.sender.send(creation(BASE_FEE), None), site.sender.send(PUSH0, None)]
        base_fee, push0 = site.settled(sent)
        assert site.chain.call(str(base_fee.contract_address), b"") == bytes(32)
        assert not push0.succeeded, "an instruction of Shanghai"

    def test_nonces_count_what_is_mined_and_what_waits(self, site: Site) -> None:
        sender = Sender(site.chain)
        sent = [sender.send(bytes([one])) for one in range(3)]
        assert site.chain.nonce(sender.address, pending=True) == 3
        assert site.chain.nonce(sender.address) <= 3
        receipts = site.settled(sent)
        assert site.chain.nonce(sender.address) == 3
        assert [one.block_number for one in receipts] == sorted(one.block_number for one in receipts)

    def test_an_estimate_is_enough(self, site: Site) -> None:
        sender = Sender(site.chain)
        call = Call(site.store, words(900, 1))
        estimated = site.chain.estimate_gas(call.to, call.data, sender.address)
        assert 40_000 < estimated < 60_000
        assert estimate_gas(site.chain, sender.address, call) == estimated * 5 // 4
        assert submit(site.chain, sender.account, call).succeeded

    def test_many_transactions_are_under_way_at_once(self, site: Site) -> None:
        senders = [Sender(site.chain) for _ in range(10)]
        sent = [
            sender.send(words(1000 + 20 * place + turn, 1 + turn), site.store)
            for turn in range(20)
            for place, sender in enumerate(senders)
        ]
        receipts = site.settled(sent)
        assert all(receipt.succeeded for receipt in receipts)
        assert {site.chain.nonce(sender.address) for sender in senders} == {20}
        for place in range(10):
            for turn in range(20):
                assert site.chain.storage(site.store, 1000 + 20 * place + turn) == storage_word(1 + turn)
