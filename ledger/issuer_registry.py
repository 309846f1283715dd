"""The registry of issuers: accreditor, kinds, accounts and keys, each with its history (IssuerRegistry.sol)."""

from collections.abc import Sequence
from dataclasses import dataclass

from eth_utils.address import to_checksum_address

from ledger import registry_names
from ledger.abi import abi_of
from ledger.chain import Chain
from ledger.change_head import ChangeHead
from ledger.contract import Contract
from ledger.dated_list import Entry
from ledger.identifier import from_bytes32, to_bytes32
from ledger.issuer_state import NO_LIMIT as NO_LIMIT
from ledger.issuer_state import IssuerChange as IssuerChange
from ledger.issuer_state import IssuerState as IssuerState
from ledger.issuer_state import KeyState as KeyState
from ledger.issuer_state import Limit as Limit
from ledger.issuer_state import Power as Power
from ledger.jwk import PublicKey
from ledger.registered_key import key_fields, key_of
from ledger.transaction import Call

NAME = registry_names.ISSUERS


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A document key and whose it is."""

    issuer: str
    public_key: PublicKey


class IssuerRegistry:
    """Reads take `at`, a block number (None: the newest block), and raise as Contract does."""

    def __init__(self, chain: Chain, address: str) -> None:
        self.contract = Contract(chain, address, abi_of(NAME))

    # --- reads

    def issuers(self, at: int | None = None) -> tuple[str, ...]:
        """Return the id of every issuer that was ever entered."""
        return tuple(from_bytes32(issuer) for issuer in self.contract.read("issuers", at=at))

    def accreditor(self, issuer: str, at: int | None = None) -> str | None:
        """Return the authority or the body that the issuer was entered under; None if it never was."""
        return from_bytes32(self.contract.read("accreditor", to_bytes32(issuer), at=at)) or None

    def authority_of(self, issuer: str, at: int | None = None) -> str | None:
        """Return the authority at the top: the accreditor, or that of the body; None without such an issuer."""
        return from_bytes32(self.contract.read("authorityOf", to_bytes32(issuer), at=at)) or None

    def body_entries(self, body: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the issuer may accredit others (code 1) or not (0)."""
        return self.contract.read_entries("bodyEntries", to_bytes32(body), at=at)

    def issuer_entries(self, issuer: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the issuer is active or suspended (IssuerState)."""
        return self.contract.read_entries("issuerEntries", to_bytes32(issuer), at=at)

    def issuer_hold_entries(self, issuer: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when who holds the issuer's suspension (Power)."""
        return self.contract.read_entries("issuerHoldEntries", to_bytes32(issuer), at=at)

    def kinds(self, issuer: str, at: int | None = None) -> tuple[str, ...]:
        """Return every kind that the issuer was ever accredited for."""
        return tuple(from_bytes32(kind) for kind in self.contract.read("kinds", to_bytes32(issuer), at=at))

    def accreditation_entries(self, issuer: str, kind: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the issuer is accredited for the kind (code 1, detail: Limit) or not (0)."""
        return self.contract.read_entries("accreditationEntries", to_bytes32(issuer), to_bytes32(kind), at=at)

    def scope(self, issuer: str, kind: str, at: int | None = None) -> tuple[str, ...]:
        """Return every code (`agreement.rcep`, `hs.84`, `port.cnsha`) that the issuer ever had for the kind."""
        return tuple(map(from_bytes32, self.contract.read("scope", to_bytes32(issuer), to_bytes32(kind), at=at)))

    def scope_entries(self, issuer: str, kind: str, code: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the code is in scope (code 1, detail: its Limit) or not (0)."""
        return self.contract.read_entries("scopeEntries", to_bytes32(issuer), to_bytes32(kind), to_bytes32(code), at=at)

    def covers(
        self, issuer: str, kind: str, codes: Sequence[str], time: int, known_at: int, at: int | None = None
    ) -> bool:
        """Tell whether an unbroken chain up to an authority in office covered the issuer at `time` for all this.

        Not where a link is limited and no code is given for that limit. Raises Refused for what is no code.
        """
        place = to_bytes32(issuer), to_bytes32(kind), [to_bytes32(code) for code in codes]
        return bool(self.contract.read("covers", *place, time, known_at, at=at))

    def accounts(self, issuer: str, at: int | None = None) -> tuple[str, ...]:
        """Return the addresses of every account that the issuer ever had."""
        return tuple(map(to_checksum_address, self.contract.read("accounts", to_bytes32(issuer), at=at)))

    def account_issuer(self, address: str, at: int | None = None) -> str | None:
        """Return whose the account is; None if it was never entered."""
        return from_bytes32(self.contract.read("accountIssuer", address, at=at)) or None

    def account_entries(self, address: str, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the account is in use (code 1) or not (0)."""
        return self.contract.read_entries("accountEntries", address, at=at)

    def keys(self, issuer: str, at: int | None = None) -> tuple[bytes, ...]:
        """Return the thumbprints of every key that the issuer ever had."""
        return tuple(self.contract.read("keys", to_bytes32(issuer), at=at))

    def key(self, thumbprint: bytes, at: int | None = None) -> IssuerKey | None:
        """Return the key; None if it was never entered. Raises Refused `registry.key`."""
        issuer, x, y, algorithm = self.contract.read("key", thumbprint, at=at)
        if not any(issuer):
            return None
        return IssuerKey(from_bytes32(issuer), key_of(thumbprint, algorithm, x, y))

    def key_entries(self, thumbprint: bytes, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when the key is active, retired or suspended (KeyState)."""
        return self.contract.read_entries("keyEntries", thumbprint, at=at)

    def key_hold_entries(self, thumbprint: bytes, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when who holds the key's suspension (Power)."""
        return self.contract.read_entries("keyHoldEntries", thumbprint, at=at)

    def compromise_entries(self, thumbprint: bytes, at: int | None = None) -> tuple[Entry, ...]:
        """Return every *compromised since* (`effective_from`), each earlier than the one before."""
        return self.contract.read_entries("compromiseEntries", thumbprint, at=at)

    def may_act_for(self, address: str, issuer: str, at: int | None = None) -> bool:
        """Tell whether the account is the issuer's, its body's or an act account of its authority, now."""
        return bool(self.contract.read("mayActFor", address, to_bytes32(issuer), at=at))

    def power_over(self, address: str, issuer: str, at: int | None = None) -> Power:
        """Return the most that the account may do for the issuer, at the block's time."""
        return Power(self.contract.read("powerOver", address, to_bytes32(issuer), at=at))

    def changes(self, kind: IssuerChange, at: int | None = None) -> ChangeHead:
        """Return the change count and running hash of one kind of change."""
        return self.contract.read_changes(kind, at)

    # --- by an act account of the authority. Times are seconds since the epoch; 0 means now, or without end

    def authorize_body(self, body: str, effective_from: int = 0, effective_until: int = 0) -> Call:
        """Let an issuer, which the authority entered, accredit others, within what it has itself."""
        return self.contract.write("authorizeBody", to_bytes32(body), effective_from, effective_until)

    def end_body(self, body: str, effective_from: int = 0) -> Call:
        """End a body's authorization, and with it what it accredited."""
        return self.contract.write("endBody", to_bytes32(body), effective_from)

    # --- by the accreditor: an act account of the authority, or the body's own account

    def add_issuer(self, issuer: str, accreditor: str) -> Call:
        """Enter an issuer under an authority or a body."""
        return self.contract.write("addIssuer", to_bytes32(issuer), to_bytes32(accreditor))

    def suspend_issuer(self, issuer: str, reason: int = 0) -> Call:
        """Suspend an issuer at once; `reason` is a code of the published table."""
        return self.contract.write("suspendIssuer", to_bytes32(issuer), reason)

    def reinstate_issuer(self, issuer: str) -> Call:
        """End an issuer's suspension."""
        return self.contract.write("reinstateIssuer", to_bytes32(issuer))

    def accredit(
        self,
        issuer: str,
        kinds: Sequence[str],
        effective_from: int = 0,
        effective_until: int = 0,
        limits: Limit = NO_LIMIT,
    ) -> Call:
        """Let an issuer issue these kinds of document, within the limits of its scope if there are any."""
        place, dates = (to_bytes32(issuer), [to_bytes32(kind) for kind in kinds]), (effective_from, effective_until)
        if not limits:
            return self.contract.write("accredit", *place, *dates)
        return self.contract.write("accreditWithin", *place, int(limits), *dates)

    def end_accreditation(self, issuer: str, kind: str, effective_from: int = 0) -> Call:
        """End the accreditation for one kind."""
        return self.contract.write("endAccreditation", to_bytes32(issuer), to_bytes32(kind), effective_from)

    def add_scope(
        self, issuer: str, kind: str, codes: Sequence[str], effective_from: int = 0, effective_until: int = 0
    ) -> Call:
        """Put codes (`agreement.rcep`, `hs.84`, `port.cnsha`) into the issuer's scope for the kind."""
        place = to_bytes32(issuer), to_bytes32(kind), [to_bytes32(code) for code in codes]
        return self.contract.write("addScope", *place, effective_from, effective_until)

    def end_scope(self, issuer: str, kind: str, code: str, effective_from: int = 0) -> Call:
        """Take a code out of the issuer's scope."""
        place = to_bytes32(issuer), to_bytes32(kind), to_bytes32(code)
        return self.contract.write("endScope", *place, effective_from)

    def add_account(self, issuer: str, address: str, effective_from: int = 0, effective_until: int = 0) -> Call:
        """Enter an account of the issuer's own."""
        return self.contract.write("addAccount", to_bytes32(issuer), address, effective_from, effective_until)

    def end_account(self, address: str, effective_from: int = 0) -> Call:
        """End the use of an issuer's account."""
        return self.contract.write("endAccount", address, effective_from)

    def add_key(self, issuer: str, key: PublicKey, effective_from: int = 0, effective_until: int = 0) -> Call:
        """Enter a document key of the issuer."""
        arguments = (to_bytes32(issuer), *key_fields(key), effective_from, effective_until)
        return self.contract.write("addKey", *arguments)

    def retire_key(self, thumbprint: bytes, effective_from: int = 0) -> Call:
        """Retire a key: what it signed before stays good."""
        return self.contract.write("retireKey", thumbprint, effective_from)

    def reinstate_key(self, thumbprint: bytes) -> Call:
        """End a key's suspension."""
        return self.contract.write("reinstateKey", thumbprint)

    def mark_compromised(self, thumbprint: bytes, since: int) -> Call:
        """State that the key was in wrong hands from `since` on; it may only move earlier."""
        return self.contract.write("markCompromised", thumbprint, since)

    # --- by the issuer's own account, too

    def suspend_key(self, thumbprint: bytes, reason: int = 0) -> Call:
        """Suspend a key at once; `reason` is a code of the published table."""
        return self.contract.write("suspendKey", thumbprint, reason)
