"""Which facts an answer about an issuer rests on: its own, those of the body above it, and its authority's."""

from api.registry_reading import Reading
from ledger import issuer_slots as slots
from ledger import registry_slots
from ledger.authority_registry import AuthorityRegistry
from ledger.issuer_registry import IssuerRegistry
from ledger.registry_slots import Fact


def of_issuer(registry: IssuerRegistry, authorities: AuthorityRegistry, read: Reading, issuer: str) -> list[Fact]:
    """Return the facts; of an issuer that was never entered, that it was not. Raises Unavailable `chain.*`."""
    above, authority = read(registry.accreditor, issuer), read(registry.authority_of, issuer)
    if above is None or authority is None:
        return [slots.accreditor(issuer), slots.authority(issuer)]
    found = _of_party(registry, read, issuer) + _of_keys(registry, read, issuer)
    if above != authority:
        found += _of_party(registry, read, above)
    return found + _of_authority(authorities, authority, read.moment.block.number)


def _of_party(registry: IssuerRegistry, read: Reading, issuer: str) -> list[Fact]:
    found = [slots.accreditor(issuer), slots.authority(issuer)]
    found += slots.state(issuer).whole(len(read(registry.issuer_entries, issuer)))
    found += slots.holds(issuer).whole(len(read(registry.issuer_hold_entries, issuer)))
    found += slots.body(issuer).whole(len(read(registry.body_entries, issuer)))
    kinds = read(registry.kinds, issuer)
    found += slots.kinds(issuer).whole(len(kinds))
    for kind in kinds:
        codes = read(registry.scope, issuer, kind)
        found += slots.accreditation(issuer, kind).whole(len(read(registry.accreditation_entries, issuer, kind)))
        found += slots.codes(issuer, kind).whole(len(codes))
        for code in codes:
            entries = read(registry.scope_entries, issuer, kind, code)
            found += slots.scope(issuer, kind, code).whole(len(entries))
    return found


def _of_keys(registry: IssuerRegistry, read: Reading, issuer: str) -> list[Fact]:
    keys = read(registry.keys, issuer)
    found = slots.keys(issuer).whole(len(keys))
    for thumbprint in keys:
        found += slots.key(thumbprint)
        found += slots.key_state(thumbprint).whole(len(read(registry.key_entries, thumbprint)))
        found += slots.key_holds(thumbprint).whole(len(read(registry.key_hold_entries, thumbprint)))
        found += slots.compromises(thumbprint).whole(len(read(registry.compromise_entries, thumbprint)))
    return found


def _of_authority(registry: AuthorityRegistry, authority: str, block: int) -> list[Fact]:
    """Read past the cache, whose state is the other registry's."""
    found = [registry_slots.authority(authority)]
    found += registry_slots.office(authority).whole(len(registry.authority_entries(authority, at=block)))
    country = authority[:2].upper()
    return found + registry_slots.member(country).whole(len(registry.member_entries(country, at=block)))
