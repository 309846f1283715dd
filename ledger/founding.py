"""Who founds a consortium, and with which quorum: the founders file, and how it is told from another founding."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_utils.address import is_checksum_address

from ledger.authority import Domain, Founder
from ledger.authority_registry import AuthorityRegistry
from ledger.country import to_bytes2
from ledger.errors import Invalid
from ledger.identifier import to_bytes32
from ledger.strict_json import parse

_DOMAINS = {domain.name.lower(): domain for domain in Domain}
_MEMBERS = ("country", "authority", "domain", "voter")


@dataclass(frozen=True, slots=True)
class Founding:
    """The founding members, each with its first authority, and how many of them must approve a change."""

    founders: tuple[Founder, ...]
    quorum: int

    @classmethod
    def read(cls, path: Path) -> "Founding":
        """Read the file `{"quorum": 2, "founders": [{"country", "authority", "domain", "voter"}, ...]}`.

        Raises Invalid `founders.file`, `founders.form` with a pointer, `json.*`.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            detail = f"the founders file {path.name} cannot be read ({error.strerror})"
            raise Invalid("founders.file", detail, mend="check the path and its permissions") from None
        return _founding(parse(data))

    def differences(self, registry: AuthorityRegistry) -> Iterator[str]:
        """Yield, in words, how a registry differs from one founded like this. Raises Unavailable `chain.*`."""
        if (quorum := registry.quorum()) != self.quorum:
            yield f"its quorum is {quorum}, not {self.quorum}"
        countries = tuple(founder.country for founder in self.founders)
        if (found := _founders_of(registry)) != countries:
            yield f"it was founded by {', '.join(found)}, not by {', '.join(countries)}"
        for founder in self.founders:
            place = registry.account(founder.voter)
            if place is None or place[0] != founder.authority:
                yield f"{founder.voter} does not vote for {founder.authority} there"


def _founders_of(registry: AuthorityRegistry) -> tuple[str, ...]:
    """Return the members that were entered in the block of the first one."""
    entered = {country: registry.member_entries(country)[0].recorded_at for country in registry.members()}
    first = min(entered.values(), default=0)
    return tuple(country for country, time in entered.items() if time == first)


def _founding(fields: Any) -> Founding:
    if not isinstance(fields, dict):
        raise _malformed("", "an object")
    listed = fields.get("founders")
    if not isinstance(listed, list) or not listed:
        raise _malformed("/founders", "a list of founders, not empty")
    founders = tuple(_founder(one, f"/founders/{place}") for place, one in enumerate(listed))
    for name in ("country", "authority", "voter"):
        _check_distinct([getattr(founder, name) for founder in founders], name)
    quorum = fields.get("quorum")
    if type(quorum) is not int or not 1 <= quorum <= len(founders):
        raise _malformed(
            "/quorum", f"a whole number from 1 to {len(founders)}, how many founders must approve a change"
        )
    return Founding(founders, quorum)


def _founder(fields: Any, pointer: str) -> Founder:
    if not isinstance(fields, dict) or set(fields) != set(_MEMBERS):
        raise _malformed(pointer, f"an object with {', '.join(_MEMBERS)} and nothing else")
    country, authority, domain, voter = (fields[name] for name in _MEMBERS)
    if not isinstance(country, str) or not _is_form(to_bytes2, country):
        raise _malformed(f"{pointer}/country", "two capital letters as in ISO 3166-1 alpha-2")
    if not isinstance(authority, str) or not _is_form(to_bytes32, authority):
        raise _malformed(f"{pointer}/authority", "an id of 1 to 32 characters a-z, 0-9, '.' and '-'")
    if not authority.startswith(f"{country.lower()}."):
        raise _malformed(f"{pointer}/authority", f"an id that begins with {country.lower()}.")
    if not isinstance(domain, str) or domain not in _DOMAINS:
        raise _malformed(f"{pointer}/domain", f"one of {', '.join(_DOMAINS)}")
    if not isinstance(voter, str) or not is_checksum_address(voter):
        raise _malformed(f"{pointer}/voter", "an address in checksum form (EIP-55)")
    return Founder(country, authority, _DOMAINS[domain], voter)


def _is_form(encode: Any, text: str) -> bool:
    try:
        encode(text)
    except Invalid:
        return False
    return True


def _check_distinct(values: list[str], name: str) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise _malformed(f"/founders/{place}/{name}", f"a {name} that no founder before it has")


def _malformed(pointer: str, what: str) -> Invalid:
    mend = "write the founders file as README.md shows"
    return Invalid("founders.form", f"a founders file needs {what} here", pointer=pointer, mend=mend)
