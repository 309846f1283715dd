"""What the chain port says while its node is down, and that all is there when it is back."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ledger.errors import Unavailable
from tests.chain.chain_contract import UNKNOWN, assert_account_proven, storage_word
from tests.chain.contracts import words
from tests.chain.site import NOWHERE, Sender, Site


@dataclass
class Outage:
    """A chain of one's own, and how to stop and start its node."""

    site: Site
    stop: Callable[[], None]
    start: Callable[[], None]


class OutageContract:
    """Needs the fixture `outage`."""

    def test_a_stopped_node_is_unavailable_and_goes_on_where_it_was(self, outage: Outage) -> None:
        site = outage.site
        first = site.done(words(1, 7), site.store)
        log = site.done(words(3, 4), site.logger).logs[0]
        second = site.done(words(1, 9), site.store)
        blocks = [site.chain.block(number) for number in range(second.block_number + 1)]
        outage.stop()
        self._assert_unavailable(site)
        outage.start()
        assert [site.chain.block(number) for number in range(second.block_number + 1)] == blocks
        assert site.chain.receipt(second.transaction_hash) == second
        assert site.chain.logs(site.logger, 0, second.block_number) == [log]
        for receipt, value in ((first, 7), (second, 9)):
            at = receipt.block_number
            block = blocks[at]
            assert block is not None
            assert site.chain.call(site.store, words(1), at=at) == storage_word(value)
            proof = site.chain.proof(site.store, [1], at)
            assert proof.slots[1].value == storage_word(value)
            assert_account_proven(block.state_root, proof)
        assert site.done(words(1, 11), site.store).succeeded
        assert site.chain.storage(site.store, 1) == storage_word(11)

    def test_what_waited_when_the_node_stopped_is_sent_again(self, outage: Outage) -> None:
        site = outage.site
        sender = Sender(site.chain)
        signed = [sender.signed(words(50, 1), site.store)]
        sender.send(words(50, 1), site.store)
        signed.append(sender.signed(words(51, 1), site.store))
        sender.send(words(51, 1), site.store)
        outage.stop()
        outage.start()
        assert [site.chain.send(one.raw) for one in signed] == [one.hash for one in signed]
        assert all(receipt.succeeded for receipt in site.settled([one.hash for one in signed]))
        assert site.chain.nonce(sender.address) == 2

    def _assert_unavailable(self, site: Site) -> None:
        unsent = Sender(site.chain).signed()
        for ask in (
            site.chain.head,
            lambda: site.chain.block(1),
            lambda: site.chain.nonce(NOWHERE),
            lambda: site.chain.receipt(UNKNOWN),
            lambda: site.chain.knows(UNKNOWN),
            lambda: site.chain.call(site.store, words(1)),
            lambda: site.chain.estimate_gas(site.store, words(1), NOWHERE),
            lambda: site.chain.logs(site.logger, 0, 1),
            lambda: site.chain.proof(site.store, [1]),
            lambda: site.chain.send(unsent.raw),
        ):
            with pytest.raises(Unavailable, match=r"chain\.connection"):
                ask()
