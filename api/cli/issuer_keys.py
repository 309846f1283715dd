"""`portseal issuers add-key | retire-key | compromised ...`: the document keys of issuers, and their accounts."""

from typing import Annotated

import typer

from api.cli import options
from api.cli.drafting import Draft, Drafting
from api.cli.ids import address_of, seconds_of, thumbprint_of, word_of
from api.cli.public_keys import PublicKeyFile, read_public_key
from api.cli.signing import writes

Issuer = Annotated[str, typer.Argument(help="The issuer's id.")]
Key = Annotated[str, typer.Argument(help="The key's kid, or its thumbprint as 0x and hex.")]
Address = Annotated[str, typer.Argument(help="The account's address.")]
Since = Annotated[str, typer.Option("--since", help="Since when it was in wrong hands; may only move earlier.")]


def add_to(group: typer.Typer) -> None:
    """Register the commands."""
    keys = (add_key, retire_key, suspend_key, reinstate_key, compromised)
    for command in (*keys, add_account, end_account):
        group.command(command.__name__.replace("_", "-"))(writes(command))


def add_key(
    drafting: Drafting, issuer: Issuer, key: PublicKeyFile, since: options.From = None, until: options.Until = None
) -> Draft:
    """Enter a document key of an issuer."""
    public = read_public_key(key)
    call = drafting.registries.issuer.add_key(issuer, public, seconds_of(since), seconds_of(until))
    return Draft(call, public.thumbprint)


def retire_key(drafting: Drafting, key: Key, since: options.From = None) -> Draft:
    """Retire a key: what was anchored before stays good."""
    thumbprint = thumbprint_of(key)
    return Draft(drafting.registries.issuer.retire_key(thumbprint, seconds_of(since)), thumbprint)


def suspend_key(drafting: Drafting, key: Key, reason: options.Reason = 0) -> Draft:
    """Suspend a key at once; the issuer's own account may do so too."""
    thumbprint = thumbprint_of(key)
    return Draft(drafting.registries.issuer.suspend_key(thumbprint, reason), thumbprint)


def reinstate_key(drafting: Drafting, key: Key) -> Draft:
    """End a key's suspension."""
    thumbprint = thumbprint_of(key)
    return Draft(drafting.registries.issuer.reinstate_key(thumbprint), thumbprint)


def compromised(drafting: Drafting, key: Key, since: Since) -> Draft:
    """State since when a key was in wrong hands: the word of the authority only."""
    thumbprint = thumbprint_of(key)
    return Draft(drafting.registries.issuer.mark_compromised(thumbprint, seconds_of(since)), thumbprint)


def add_account(
    drafting: Drafting, issuer: Issuer, address: Address, since: options.From = None, until: options.Until = None
) -> Draft:
    """Enter an account of the issuer's own."""
    call = drafting.registries.issuer.add_account(issuer, address_of(address), seconds_of(since), seconds_of(until))
    return Draft(call, word_of(issuer))


def end_account(drafting: Drafting, address: Address, since: options.From = None) -> Draft:
    """End the use of an issuer's account."""
    call = drafting.registries.issuer.end_account(address_of(address), seconds_of(since))
    return Draft(call, bytes.fromhex(address[2:]).rjust(32, b"\0"))
