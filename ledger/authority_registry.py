"""The registry of members, authorities, their accounts and service keys (AuthorityRegistry.sol)."""

from collections.abc import Sequence

from eth_utils.address import to_checksum_address

from ledger import registry_names
from ledger.abi import abi_of
from ledger.authority import (
    Authority,
    AuthorityChange,
    Domain,
    Founder,
    Proposal,
    ProposalDates,
    Purpose,
    Role,
    ServiceKey,
    Successor,
)
from ledger.chain import Chain
from ledger.change_head import ChangeHead
from ledger.contract import Contract
from ledger.country import from_bytes2, to_bytes2
from ledger.dated_list import Entry
from ledger.identifier import from_bytes32, to_bytes32
from ledger.jwk import PublicKey
from ledger.registered_key import key_fields, key_of
from ledger.transaction import Call
from ledger.transaction_receipt import TransactionReceipt

__all__ = [
    "NAME",
    "Authority",
    "AuthorityChange",
    "AuthorityRegistry",
    "Domain",
    "Founder",
    "Proposal",
    "ProposalDates",
    "Purpose",
    "Role",
    "ServiceKey",
    "Successor",
]

NAME = registry_names.AUTHORITIES
_NOBODY = "0x0000000000000000000000000000000000000000"


class AuthorityRegistry:
    """Reads take `at`, a block number (None: the newest block), and raise as Contract does."""

    def __init__(self, chain: Chain, address: str) -> None:
        self.contract = Contract(chain, address, abi_of(NAME))

    # --- reads

    def quorum(self, at: int | None = None) -> int:
        """Return how many countries must approve."""
        return int(self.contract.read("quorum", at=at))

    def quorum_entries(self, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the quorum is what (code)."""
        return self.contract.read_entries("quorumEntries", at=at)

    def members(self, at: int | None = None) -> tuple[str, ...]:
        """Return every country that ever was a member."""
        return tuple(from_bytes2(country) for country in self.contract.read("members", at=at))

    def member_entries(self, country: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the country is a member (code 1) or not (0)."""
        return self.contract.read_entries("memberEntries", to_bytes2(country), at=at)

    def member_has_left(self, country: str, time: int, known_at: int, at: int | None = None) -> bool:
        """Tell whether the country's membership had ended by `time`, as known at `known_at`; not before it began."""
        return bool(self.contract.read("memberHasLeft", to_bytes2(country), time, known_at, at=at))

    def authorities(self, at: int | None = None) -> tuple[str, ...]:
        """Return the id of every authority that was ever entered."""
        return tuple(from_bytes32(one) for one in self.contract.read("authorities", at=at))

    def authority(self, authority: str, at: int | None = None) -> Authority | None:
        """Return the authority; None if it was never entered."""
        country, domain = self.contract.read("authority", to_bytes32(authority), at=at)
        return Authority(authority, from_bytes2(country), Domain(domain)) if domain else None

    def authority_entries(self, authority: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the authority is in office (code 1) or not (0)."""
        return self.contract.read_entries("authorityEntries", to_bytes32(authority), at=at)

    def in_office(self, authority: str, time: int, known_at: int, at: int | None = None) -> bool:
        """Tell whether the authority and its country were in office at `time`, as known at `known_at`."""
        return bool(self.contract.read("inOffice", to_bytes32(authority), time, known_at, at=at))

    def authority_has_left(self, authority: str, time: int, known_at: int, at: int | None = None) -> bool:
        """Tell whether the authority's office or its country's membership had ended by `time`."""
        return bool(self.contract.read("authorityHasLeft", to_bytes32(authority), time, known_at, at=at))

    def accounts(self, authority: str, at: int | None = None) -> tuple[str, ...]:
        """Return the addresses of every account that the authority ever had."""
        return tuple(map(to_checksum_address, self.contract.read("accounts", to_bytes32(authority), at=at)))

    def account(self, address: str, at: int | None = None) -> tuple[str, Role] | None:
        """Return the authority and the role of an account; None if it was never entered."""
        authority, role = self.contract.read("account", address, at=at)
        return (from_bytes32(authority), Role(role)) if role else None

    def account_entries(self, address: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the account has its role (code) or not (0)."""
        return self.contract.read_entries("accountEntries", address, at=at)

    def may_act(self, address: str, authority: str, role: Role, at: int | None = None) -> bool:
        """Tell whether the account holds the role for the authority in office, at the block's time."""
        return bool(self.contract.read("mayAct", address, to_bytes32(authority), int(role), at=at))

    def service_keys(self, authority: str, purpose: Purpose, at: int | None = None) -> tuple[bytes, ...]:
        """Return the thumbprints of every key that the authority ever had for the purpose."""
        return tuple(self.contract.read("serviceKeys", to_bytes32(authority), int(purpose), at=at))

    def service_key(self, thumbprint: bytes, at: int | None = None) -> ServiceKey | None:
        """Return the key; None if it was never entered. Raises Refused `registry.key`."""
        authority, x, y, purpose, algorithm = self.contract.read("serviceKey", thumbprint, at=at)
        if not purpose:
            return None
        key = key_of(thumbprint, algorithm, x, y)
        return ServiceKey(from_bytes32(authority), Purpose(purpose), key)

    def service_key_entries(self, thumbprint: bytes, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the key is in service (code 1) or not (0)."""
        return self.contract.read_entries("serviceKeyEntries", thumbprint, at=at)

    def proposal_count(self, at: int | None = None) -> int:
        """Return how many proposals there are; they are numbered from 0."""
        return int(self.contract.read("proposalCount", at=at))

    def proposal(self, number: int, at: int | None = None) -> Proposal:
        """Return a proposal. Raises Refused for a number that is not used."""
        calls, approvals, executed = self.contract.read("proposal", number, at=at)
        return Proposal(tuple(calls), tuple(map(from_bytes2, approvals)), executed)

    def proposal_dates(self, number: int, at: int | None = None) -> ProposalDates:
        """Return when a proposal was made, expires and was executed. Raises Refused for a number that is not used."""
        proposed_at, expires_at, executed_at = self.contract.read("proposalDates", number, at=at)
        return ProposalDates(proposed_at, expires_at, executed_at or None)

    def expires_at(self, number: int, at: int | None = None) -> int:
        """Return from when on a proposal cannot be executed. Raises Refused for a number that is not used."""
        return self.proposal_dates(number, at).expires_at

    def vote_entries(self, number: int, country: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the country approves (code 1) or has withdrawn (0)."""
        return self.contract.read_entries("voteEntries", number, to_bytes2(country), at=at)

    def approval_count(self, number: int, at: int | None = None) -> int:
        """Return how many approvals count at the block's time: of countries that have been members since."""
        return int(self.contract.read("approvalCount", number, at=at))

    def successors(self, address: str, at: int | None = None) -> tuple[Successor, ...]:
        """Return every successor that was ever named for a registry; the last one is meant."""
        named = self.contract.read("successors", address, at=at)
        return tuple(Successor(_address(successor), recorded_at) for successor, recorded_at in named)

    def changes(self, kind: AuthorityChange, at: int | None = None) -> ChangeHead:
        """Return the change count and running hash of one kind of change."""
        return self.contract.read_changes(kind, at)

    # --- votes: by an account with role VOTE

    def propose(self, calls: Sequence[Call], expires_at: int | None = None) -> Call:
        """Propose calls of this registry's by-vote functions; without `expires_at` they expire in 30 days."""
        data = [call.data for call in calls]
        if expires_at is None:
            return self.contract.write("propose", data)
        return self.contract.write("proposeUntil", data, expires_at)

    def proposed(self, receipt: TransactionReceipt) -> int:
        """Return the number of the proposal that a mined `propose` made."""
        topic = self.contract.abi.topic("ProposalChanged")
        logs = (log for log in receipt.logs if log.topics[0] == topic)
        return int(self.contract.abi.event("ProposalChanged", next(logs))["proposal"])

    def approve(self, number: int) -> Call:
        """Approve a proposal for the sender's country."""
        return self.contract.write("approve", number)

    def withdraw_approval(self, number: int) -> Call:
        """Take back the approval of the sender's country, as long as the proposal is open."""
        return self.contract.write("withdrawApproval", number)

    def execute(self, number: int) -> Call:
        """Make a proposal's calls, all or none."""
        return self.contract.write("execute", number)

    # --- by vote only: to be proposed. Times are seconds since the epoch; 0 means now, or without end

    def admit_member(self, country: str, effective_from: int = 0) -> Call:
        """Make the country a member."""
        return self.contract.write("admitMember", to_bytes2(country), effective_from)

    def end_member(self, country: str, effective_from: int = 0) -> Call:
        """End the country's membership."""
        return self.contract.write("endMember", to_bytes2(country), effective_from)

    def add_authority(self, authority: Authority, effective_from: int = 0, effective_until: int = 0) -> Call:
        """Enter an authority of a member."""
        country, domain = to_bytes2(authority.country), int(authority.domain)
        arguments = (to_bytes32(authority.id), country, domain, effective_from, effective_until)
        return self.contract.write("addAuthority", *arguments)

    def end_authority(self, authority: str, effective_from: int = 0) -> Call:
        """End an authority's office."""
        return self.contract.write("endAuthority", to_bytes32(authority), effective_from)

    def add_account(
        self, authority: str, role: Role, address: str, effective_from: int = 0, effective_until: int = 0
    ) -> Call:
        """Give an authority an account with one role."""
        arguments = (to_bytes32(authority), int(role), address, effective_from, effective_until)
        return self.contract.write("addAccount", *arguments)

    def end_account(self, address: str, effective_from: int = 0) -> Call:
        """End the use of an account."""
        return self.contract.write("endAccount", address, effective_from)

    def change_quorum(self, quorum: int) -> Call:
        """Let so many countries decide from now on, for open proposals too."""
        return self.contract.write("changeQuorum", quorum)

    def name_successor(self, predecessor: str, successor: str | None) -> Call:
        """Name the contract that takes a registry's place; None: none does after all."""
        return self.contract.write("nameSuccessor", predecessor, successor or _NOBODY)

    # --- by the authority's own account with role ACT

    def add_service_key(
        self,
        authority: str,
        purpose: Purpose,
        key: PublicKey,
        effective_from: int = 0,
        effective_until: int = 0,
    ) -> Call:
        """Enter a service key of the authority."""
        thumbprint, algorithm, x, y = key_fields(key)
        arguments = (to_bytes32(authority), int(purpose), thumbprint, algorithm, x, y)
        return self.contract.write("addServiceKey", *arguments, effective_from, effective_until)

    def end_service_key(self, thumbprint: bytes, effective_from: int = 0) -> Call:
        """End the service of a key."""
        return self.contract.write("endServiceKey", thumbprint, effective_from)


def _address(address: str) -> str | None:
    return None if address == _NOBODY else to_checksum_address(address)
