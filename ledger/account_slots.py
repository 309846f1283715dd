"""At which storage slots the AuthorityRegistry keeps the accounts of authorities, so that they can be proved."""

from ledger.registry_slots import AUTHORITIES, Fact


def account(address: str) -> list[Fact]:
    """The authority and the role of an account, a slot each."""
    whole = Fact(AUTHORITIES, "_account", (address,), f"account {address}")
    return [whole.member("authority"), whole.member("role")]


def account_entries(address: str) -> Fact:
    """The dated list of an account's role."""
    return Fact(AUTHORITIES, "_accountEntries", (address,), f"account {address} in its role")
