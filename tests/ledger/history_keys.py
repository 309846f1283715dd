"""Random steps with an issuer's keys and its account."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from ledger.account import Account
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.ledger.accreditation_model import By
from tests.ledger.history_accreditations import AccreditationRules, power
from tests.ledger.history_machine import begins, ends, entries, reason
from tests.ledger.key_model import Keys

key = st.sampled_from([0, 0, 1])
anybody = st.sampled_from([*By])


class KeyRules(AccreditationRules):
    """Two keys of the issuer under the body, and the account by which it may suspend them."""

    def found(self) -> None:
        super().found()
        # A thumbprint is registered once, for ever.
        self.own_keys = [PrivateKey.generate(Algorithm.ED25519).public_key for _ in range(2)]
        self.model = Keys(self.accreditations)
        self.accounts[By.ISSUER] = Account.generate()

    def follow(self) -> None:
        super().follow()
        call = self.issuers.add_account(self.issuer, self.accounts[By.ISSUER].address)
        self.add(self.accounts[By.BODY], call, self.accreditations.add_account, By.BODY, 0, 0)
        self.add_key(By.BODY, 0, None, None)

    def compare_lists(self) -> None:
        super().compare_lists()
        address = self.accounts[By.ISSUER].address
        assert self.issuers.account_entries(address) == entries(self.accreditations.account)
        for number, one in enumerate(self.own_keys):
            assert self.issuers.key_entries(one.thumbprint) == entries(self.model.of[number])
            assert self.issuers.key_hold_entries(one.thumbprint) == entries(self.model.holds[number])
            assert self.issuers.compromise_entries(one.thumbprint) == entries(self.model.compromises[number])
        added = [one.thumbprint for number, one in enumerate(self.own_keys) if self.model.of[number]]
        assert set(self.issuers.keys(self.issuer)) == set(added)

    @rule(by=power, key=key, begin=begins, end=ends)
    def add_key(self, by: By, key: int, begin: int | None, end: int | None) -> None:
        dates = self.time(begin), self.time(end)
        call = self.issuers.add_key(self.issuer, self.own_keys[key], *dates)
        self.add(self.accounts[by], call, self.model.add, by, key, *dates)

    @rule(by=power, key=key, begin=begins)
    def retire_key(self, by: By, key: int, begin: int | None) -> None:
        call = self.issuers.retire_key(self.own_keys[key].thumbprint, self.time(begin))
        self.add(self.accounts[by], call, self.model.retire, by, key, self.time(begin))

    @rule(by=anybody, key=key, reason=reason)
    def suspend_key(self, by: By, key: int, reason: int) -> None:
        call = self.issuers.suspend_key(self.own_keys[key].thumbprint, reason)
        self.add(self.accounts[by], call, self.model.suspend, by, key, reason)

    @rule(by=anybody, key=key)
    def reinstate_key(self, by: By, key: int) -> None:
        call = self.issuers.reinstate_key(self.own_keys[key].thumbprint)
        self.add(self.accounts[by], call, self.model.reinstate, by, key)

    @rule(by=st.sampled_from([By.AUTHORITY, By.AUTHORITY, By.BODY]), key=key, since=begins)
    def mark_compromised(self, by: By, key: int, since: int | None) -> None:
        call = self.issuers.mark_compromised(self.own_keys[key].thumbprint, self.time(since))
        self.add(self.accounts[by], call, self.model.mark_compromised, by, key, self.time(since))

    @rule(by=anybody, begin=begins)
    def end_account(self, by: By, begin: int | None) -> None:
        call = self.issuers.end_account(self.accounts[By.ISSUER].address, self.time(begin))
        self.add(self.accounts[by], call, self.accreditations.end_account, by, self.time(begin))

    @rule(by=power)
    def add_account_again(self, by: By) -> None:
        call = self.issuers.add_account(self.issuer, self.accounts[By.ISSUER].address)
        self.add(self.accounts[by], call, self.accreditations.add_account, by, 0, 0)
