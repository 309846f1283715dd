"""`portseal member`: what members propose to each other, to be approved by a quorum of countries and then executed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options, votes
from api.cli.drafting import Draft, Drafting
from api.cli.ids import address_of, named, seconds_of, word_of
from api.cli.signing import writes
from ledger.errors import Invalid

if TYPE_CHECKING:
    from ledger.transaction import Call

Country = Annotated[str, typer.Argument(help="The country, two letters.")]
AuthorityId = Annotated[str, typer.Argument(help="The authority's id: my.customs.", metavar="AUTHORITY")]
First = Annotated[str, typer.Option("--authority", help="Its first authority: my.customs.")]
DomainName = Annotated[str, typer.Option("--domain", help="customs, maritime or chamber.")]
Vote = Annotated[list[str] | None, typer.Option("--vote", help="Address of an account that votes.")]
Act = Annotated[list[str] | None, typer.Option("--act", help="Address of an account that acts for it.")]
Anchor = Annotated[list[str] | None, typer.Option("--anchor", help="Address of its node's anchor account.")]
Quorum = Annotated[int | None, typer.Option("--quorum", help="Change the quorum too.", min=1)]
Address = Annotated[str, typer.Argument(help="The account's address.")]
Expires = Annotated[str | None, typer.Option("--expires", help="Until when it may be executed; 30 days without it.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(help="Govern the consortium: propose, approve, execute.", no_args_is_help=True)
    of_members = (propose_admission, propose_end, propose_quorum, propose_successor)
    of_authorities = (propose_authority, propose_end_authority, propose_accounts, propose_end_account, rotate_account)
    for command in (*of_members, *of_authorities):
        group.command(command.__name__.replace("_", "-"))(writes(command))
    votes.add_to(group)
    app.add_typer(group, name="member")


def propose_admission(
    drafting: Drafting,
    country: Country,
    authority: First,
    vote: Vote = None,
    act: Act = None,
    anchor: Anchor = None,
    domain: DomainName = "customs",
    quorum: Quorum = None,
    since: options.From = None,
    expires: Expires = None,
) -> Draft:
    """Propose that a country become a member, with its first authority and that one's accounts."""
    registry, code = drafting.registries.authority, country.upper()
    calls = [registry.admit_member(code, seconds_of(since)), _entered(drafting, authority, code, domain, since)]
    calls += _accounts(drafting, authority, vote, act, anchor)
    calls += [registry.change_quorum(quorum)] if quorum else []
    return _proposed(drafting, calls, country.lower(), expires)


def propose_end(
    drafting: Drafting, country: Country, since: options.From = None, quorum: Quorum = None, expires: Expires = None
) -> Draft:
    """Propose that a country's membership end: nothing is deleted, what it anchored stays."""
    registry = drafting.registries.authority
    calls = [registry.change_quorum(quorum)] if quorum else []
    calls.append(registry.end_member(country.upper(), seconds_of(since)))
    return _proposed(drafting, calls, country.lower(), expires)


def propose_quorum(
    drafting: Drafting,
    quorum: Annotated[int, typer.Argument(help="So many countries must approve.", min=1)],
    expires: Expires = None,
) -> Draft:
    """Propose another quorum."""
    return _proposed(drafting, [drafting.registries.authority.change_quorum(quorum)], "quorum", expires)


def propose_successor(
    drafting: Drafting,
    registry: Annotated[str, typer.Argument(help="The contract's name, such as OperatorRegistry.")],
    successor: Annotated[str | None, typer.Argument(help="Address of the new contract; none without it.")] = None,
    expires: Expires = None,
) -> Draft:
    """Propose which contract takes the place of a registry; both stay readable."""
    contracts = drafting.registries.contracts()
    if registry not in contracts:
        raise typer.BadParameter(f"{registry} is not one of {', '.join(contracts)}")
    call = drafting.registries.authority.name_successor(
        contracts[registry].address, successor and address_of(successor)
    )
    return _proposed(drafting, [call], "successor", expires)


def propose_authority(
    drafting: Drafting,
    country: Country,
    authority: AuthorityId,
    domain: DomainName,
    vote: Vote = None,
    act: Act = None,
    anchor: Anchor = None,
    since: options.From = None,
    expires: Expires = None,
) -> Draft:
    """Propose a further authority of a member, with its accounts."""
    entered = _entered(drafting, authority, country.upper(), domain, since)
    calls = [entered, *_accounts(drafting, authority, vote, act, anchor)]
    return _proposed(drafting, calls, authority, expires)


def propose_end_authority(
    drafting: Drafting, authority: AuthorityId, since: options.From = None, expires: Expires = None
) -> Draft:
    """Propose that an authority's office end."""
    call = drafting.registries.authority.end_authority(authority, seconds_of(since))
    return _proposed(drafting, [call], authority, expires)


def propose_accounts(
    drafting: Drafting,
    authority: AuthorityId,
    vote: Vote = None,
    act: Act = None,
    anchor: Anchor = None,
    expires: Expires = None,
) -> Draft:
    """Propose accounts of an authority."""
    return _proposed(drafting, _accounts(drafting, authority, vote, act, anchor), authority, expires)


def propose_end_account(
    drafting: Drafting, address: Address, since: options.From = None, expires: Expires = None
) -> Draft:
    """Propose that the use of an account end."""
    call = drafting.registries.authority.end_account(address_of(address), seconds_of(since))
    return _proposed(drafting, [call], "accounts", expires)


def rotate_account(
    drafting: Drafting,
    authority: AuthorityId,
    role: Annotated[str, typer.Argument(help="vote, act or anchor.")],
    old: Annotated[str, typer.Argument(help="Address of the account that ends.")],
    new: Annotated[str, typer.Argument(help="Address of the account that takes its place.")],
    expires: Expires = None,
) -> Draft:
    """Propose one account in place of another: both or neither."""
    from ledger.authority import Role

    registry = drafting.registries.authority
    calls = [registry.add_account(authority, named(Role, role), address_of(new)), registry.end_account(address_of(old))]
    return _proposed(drafting, calls, authority, expires)


def _entered(drafting: Drafting, authority: str, country: str, domain: str, since: str | None) -> "Call":
    from ledger.authority import Authority, Domain

    entered = Authority(authority, country, named(Domain, domain))
    return drafting.registries.authority.add_authority(entered, seconds_of(since))


def _accounts(
    drafting: Drafting, authority: str, vote: list[str] | None, act: list[str] | None, anchor: list[str] | None
) -> "list[Call]":
    from ledger.authority import Role

    given = {Role.VOTE: vote, Role.ACT: act, Role.ANCHOR: anchor}
    pairs = [(role, address_of(address)) for role, addresses in given.items() for address in addresses or ()]
    return [drafting.registries.authority.add_account(authority, role, address) for role, address in pairs]


def _proposed(drafting: Drafting, calls: "Sequence[Call]", about: str, expires: str | None) -> Draft:
    if not calls:
        raise Invalid("member.nothing", "nothing is proposed", mend="name accounts with --vote, --act or --anchor")
    call = drafting.registries.authority.propose(calls, seconds_of(expires) or None)
    return Draft(call, word_of(about))
