"""What every chain must say to a transaction that it does not take, or takes a second time."""

import pytest
from eth_account import Account as EthAccount

from ledger.errors import PortsealError, Refused
from tests.chain.site import NOWHERE, Sender, Site

ANOTHER = 1


class SendingContract:
    """`largest`: bytes of the largest transaction; `checks_chain`: of legacy transactions too (anvil does not)."""

    largest: int | None = None
    checks_chain = True

    def test_the_same_bytes_again_are_a_success(self, site: Site) -> None:
        sender = Sender(site.chain)
        signed = sender.signed(b"hello")
        assert site.chain.send(signed.raw) == signed.hash
        assert site.chain.send(signed.raw) == signed.hash, "while it waits"
        assert site.settled([signed.hash])[0].succeeded
        assert site.chain.send(signed.raw) == signed.hash, "when it is mined"
        sender.nonce += 1
        site.settled([sender.send()])
        assert site.chain.send(signed.raw) == signed.hash, "when another is mined after it"

    def test_other_bytes_at_a_used_nonce(self, site: Site) -> None:
        sender = Sender(site.chain)
        site.settled([sender.send(b"1")])
        sender.nonce = 0
        assert self._code(site, sender.signed(b"2").raw) == "chain.nonce-taken"

    def test_other_bytes_at_a_nonce_that_waits(self, site: Site) -> None:
        # A block may come between two requests; then the nonce is taken. Not five times in a row.
        codes = {self._second(site) for _ in range(5)}
        assert "chain.replacement" in codes
        assert codes <= {"chain.replacement", "chain.nonce-taken"}

    def test_a_nonce_ahead_waits_or_is_refused(self, site: Site) -> None:
        sender = Sender(site.chain)
        sender.nonce = 1
        later = sender.signed(b"later")
        assert site.chain.send(later.raw) == later.hash
        assert site.chain.receipt(later.hash) is None
        assert site.chain.nonce(sender.address, pending=True) == 0
        sender.nonce = 0
        sent = sender.send(b"first")
        assert all(receipt.succeeded for receipt in site.settled([sent, later.hash]))

    @pytest.mark.parametrize("nonce", [10**6, 2**64 - 2, 2**64 - 1])
    def test_a_nonce_far_ahead_waits_or_is_refused(self, site: Site, nonce: int) -> None:
        sender = Sender(site.chain)
        sender.nonce = nonce
        assert self._code(site, sender.signed().raw) in ("", "chain.nonce-gap")
        assert site.chain.nonce(sender.address, pending=True) == 0

    @pytest.mark.parametrize("fields", [{"gasPrice": 1}, {"value": 1}])
    def test_what_costs_money(self, site: Site, fields: dict[str, int]) -> None:
        assert self._code(site, raw(site, **fields)) == "chain.funds"

    @pytest.mark.parametrize("gas", [0, 20_999, 2**60])
    def test_gas_that_does_not_fit(self, site: Site, gas: int) -> None:
        assert self._code(site, Sender(site.chain).signed(gas=gas).raw) == "chain.gas"

    def test_of_another_chain(self, site: Site) -> None:
        typed = raw(site, chainId=ANOTHER, gasPrice=None, maxFeePerGas=0, maxPriorityFeePerGas=0)
        assert self._code(site, typed) == "chain.other-chain"
        if self.checks_chain:
            assert self._code(site, raw(site, chainId=ANOTHER)) == "chain.other-chain"
            assert self._code(site, raw(site, chainId=None)) == "chain.other-chain"

    def test_too_large(self, site: Site) -> None:
        if self.largest is None:
            pytest.skip("this chain takes what fits into a block")
        sender = Sender(site.chain)
        data = b"\x01" * (self.largest - 1000)
        assert site.settled([sender.send(data, gas=2**27)])[0].succeeded
        assert self._code(site, sender.signed(b"\x01" * self.largest, gas=2**27).raw) == "chain.size"

    @pytest.mark.parametrize("given", ["", "00", "f8", "02c0", "ff" * 100, "03" + "00" * 40, "c0", "7f"])
    def test_bytes_that_are_no_transaction(self, site: Site, given: str) -> None:
        assert self._code(site, bytes.fromhex(given)) == "chain.form"

    def test_a_transaction_cut_short_or_with_bytes_behind_it(self, site: Site) -> None:
        whole = Sender(site.chain).signed(b"hello").raw
        for broken in (whole[:-1], whole[:40]):
            assert self._code(site, broken) == "chain.form"
        # anvil takes the bytes behind it for nothing, and names another hash than ours.
        with pytest.raises(PortsealError) as caught:
            site.chain.send(whole + b"\0")
        assert caught.value.code in ("chain.form", "chain.answer")

    def _second(self, site: Site) -> str:
        sender = Sender(site.chain)
        sender.send(b"1")
        sender.nonce = 0
        return self._code(site, sender.signed(b"2").raw)

    def _code(self, site: Site, given: bytes) -> str:
        """Return the code of the refusal, empty if the transaction was taken."""
        try:
            site.chain.send(given)
        except Refused as refused:
            return refused.code
        return ""


def raw(site: Site, **fields: int | None) -> bytes:
    """Return a transaction that ledger.transaction would not sign."""
    usual = {"nonce": 0, "gas": 100_000, "gasPrice": 0, "chainId": site.chain.chain_id, "value": 0, "to": NOWHERE}
    given = {name: value for name, value in {**usual, **fields}.items() if value is not None}
    return bytes(EthAccount.create().sign_transaction(given).raw_transaction)
