"""Our contracts on every chain: the small consortium of tests/consortium.py, set up, read, refused, gone on with."""

import pytest

from ledger.account import Account
from ledger.authority import AuthorityChange
from ledger.consortium import ConsortiumKeys, establish
from ledger.errors import Refused
from ledger.network import Network
from ledger.transaction import submit, submit_all
from tests.chain.site import Site
from tests.consortium import PLAN

Established = tuple[Network, ConsortiumKeys]


class RegistriesContract:
    """Needs the fixture `established`, which sets the consortium up once for a module."""

    def test_everybody_is_there(self, site: Site, established: Established) -> None:
        network, keys = established
        network.check(site.chain)
        registries = network.registries(site.chain)
        assert len(registries.authority.authorities()) == 12
        assert len(registries.issuer.issuers()) == 12
        for member in PLAN:
            assert registries.authority.member_entries(member.country)
        for key in keys.issuer_keys.values():
            assert registries.issuer.key(key.public_key.thumbprint) is not None
        for (authority, role), account in keys.accounts.items():
            assert registries.authority.account(account.address) == (authority, role)

    def test_a_second_run_does_nothing(self, site: Site, established: Established) -> None:
        network, keys = established
        before = {one.address: site.chain.nonce(one.address) for one in keys.accounts.values()}
        assert establish(site.chain, PLAN, keys, network=network) == network
        assert {one.address: site.chain.nonce(one.address) for one in keys.accounts.values()} == before

    def test_an_error_of_a_contract_is_told_by_name_before_anything_is_sent(
        self, site: Site, established: Established
    ) -> None:
        registries, stranger = established[0].registries(site.chain), Account.generate()
        with pytest.raises(Refused) as caught:
            submit(site.chain, stranger, registries.issuer.add_issuer("cn.new", "cn.customs"))
        assert caught.value.code == "contract.IssuerRegistryNotAccreditor"
        assert stranger.address in caught.value.detail
        assert site.chain.nonce(stranger.address) == 0
        with pytest.raises(Refused) as caught:
            registries.authority.proposal(99)
        assert caught.value.code == "contract.AuthorityRegistryProposalUnknown"

    def test_the_error_of_a_mined_transaction_is_found_out(self, site: Site, established: Established) -> None:
        registries, stranger = established[0].registries(site.chain), Account.generate()
        with pytest.raises(Refused) as caught:
            submit_all(site.chain, [(stranger, registries.document.anchor(b"\x01" * 32, 1, b"\x02" * 32))])
        assert caught.value.code == "contract.DocumentRegistryNotAnchoring"
        assert site.chain.nonce(stranger.address) == 1

    def test_events_are_as_many_as_the_contract_counts(self, site: Site, established: Established) -> None:
        registry = established[0].registries(site.chain).authority
        head = site.chain.head().number
        for change in set(AuthorityChange) - {AuthorityChange.SUCCESSOR}:  # none was named yet
            event = change.name.title().replace("_", "") + "Changed"
            found = list(registry.contract.events(event, 0, head))
            assert len(found) == registry.contract.read_changes(change, head).count > 0
