"""The members of a world as its registry of authorities lists them: who may cosign checkpoints, in memory."""

from ledger.authority import Authority, Domain, Purpose, ServiceKey
from ledger.dated_list import Entry
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.corpus.member_words import MemberWords
from tests.verifier.world import COUNTRIES, key_named
from verifier.pinned_roster import PinnedAuthority, PinnedKey, PinnedRoster

_SINCE_EVER = (Entry(1, 0, 1, 0, 1),)
_ALWAYS = ((0, 0),)


def cosigner_key(country: str) -> PrivateKey:
    """The key with which a country's customs cosigns; half of them use the one algorithm, half the other."""
    return key_named(f"cosigner {country}", Algorithm.ES256 if country in COUNTRIES[:2] else Algorithm.ED25519)


def answers_key(country: str) -> PrivateKey:
    """The key with which a country's customs signs packs."""
    return key_named(f"answers {country}")


def customs(country: str) -> str:
    return f"{country.lower()}.customs"


def pinned_roster() -> PinnedRoster:
    """The same members as trust roots pin them."""
    authorities = {
        customs(country): PinnedAuthority(country, _ALWAYS, (PinnedKey(cosigner_key(country).public_key, _ALWAYS),))
        for country in COUNTRIES
    }
    return PinnedRoster(dict.fromkeys(COUNTRIES, _ALWAYS), authorities)


class Members:
    """As much of an AuthorityRegistry as rosters are read from; nothing in it ever changes."""

    @property
    def contract(self) -> MemberWords:
        return MemberWords({customs(country): cosigner_key(country).public_key for country in COUNTRIES})

    def members(self, at: int) -> tuple[str, ...]:
        return COUNTRIES

    def member_entries(self, country: str, at: int) -> tuple[Entry, ...]:
        return _SINCE_EVER

    def authorities(self, at: int) -> tuple[str, ...]:
        return tuple(map(customs, COUNTRIES))

    def authority(self, authority: str, at: int) -> Authority:
        return Authority(authority, authority[:2].upper(), Domain.CUSTOMS)

    def authority_entries(self, authority: str, at: int) -> tuple[Entry, ...]:
        return _SINCE_EVER

    def service_keys(self, authority: str, purpose: Purpose, at: int) -> tuple[bytes, ...]:
        return (cosigner_key(authority[:2].upper()).public_key.thumbprint,)

    def service_key(self, thumbprint: bytes, at: int) -> ServiceKey:
        [key] = [one for one in map(cosigner_key, COUNTRIES) if one.public_key.thumbprint == thumbprint]
        return ServiceKey("", Purpose.CHECKPOINTS, key.public_key)

    def service_key_entries(self, thumbprint: bytes, at: int) -> tuple[Entry, ...]:
        return _SINCE_EVER
