"""Whose a service key is, and whether it was in service: read out of the storage of the AuthorityRegistry."""

from dataclasses import dataclass

from ledger import registry_slots, service_key_slots
from ledger.authority_codes import Purpose
from ledger.dated_list import Entries, code_at
from ledger.errors import Invalid, Refused
from ledger.identifier import from_bytes32
from ledger.jwk import PublicKey
from ledger.registered_key import key_of
from ledger.storage_words import StorageWords

_MEND = "ask the authority itself which key it signs with, and do not rely on this report"


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """A service key. purpose: 0 for one of a purpose that is not known here. entries: code 1 in service.

    office, member: since when its authority is in office, and that authority's country a member.
    """

    authority: str
    purpose: int
    key: PublicKey
    entries: Entries
    office: Entries
    member: Entries

    def check(self, authority: str, times: tuple[int, ...]) -> PublicKey:
        """Return the key if the authority answered with it at each of the times, seconds.

        Raises Invalid `report.key-of-another`, `report.key-purpose`, `report.key-not-in-service`,
        `report.key-authority`.
        """
        if self.authority != authority:
            raise _wrong("of-another", f"the key is one of {self.authority}, and the report says it is by {authority}")
        if self.purpose != Purpose.ANSWERS:
            raise _wrong("purpose", f"{authority} has this key for another purpose than answers")
        for time in times:
            if code_at(self.entries, time) != 1:
                raise _wrong("not-in-service", f"the key of {authority} was not in service at {time}")
            if code_at(self.office, time) != 1 or code_at(self.member, time) != 1:
                raise _wrong("authority", f"{authority} was not an authority of the consortium at {time}")
        return self.key


def read_signer(words: StorageWords, thumbprint: bytes) -> SignerFacts | None:
    """Return the service key of a thumbprint (RFC 7638), None if there is none. Raises what `words` raises."""
    authority, x, y, packed = words.words(service_key_slots.service_key(thumbprint))
    if not any(authority):
        return None
    try:
        key = key_of(thumbprint, int.from_bytes(packed[:16]), x, y)
    except Refused:
        return None
    name = from_bytes32(authority)
    [place] = words.words([registry_slots.authority(name)])
    # Country and domain share the slot, the country in its lowest bytes.
    country = place[-2:].decode("ascii")
    service, office, member = words.entries(
        [service_key_slots.service(thumbprint), registry_slots.office(name), registry_slots.member(country)]
    )
    return SignerFacts(name, int.from_bytes(packed[16:]), key, service, office, member)


def unknown_key(kid: str) -> Invalid:
    """Return the fault of a key that the registry does not have in the report's block."""
    return _wrong("unknown", f"no authority had entered the key {kid} by the report's block")


def _wrong(code: str, detail: str) -> Invalid:
    return Invalid(f"report.key-{code}", detail, mend=_MEND)
