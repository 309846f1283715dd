"""The holder's side: an envelope with fewer disclosures is the same envelope."""

from collections.abc import Collection

from ledger.envelope.disclosure import Disclosure
from ledger.envelope.envelope import Envelope
from ledger.envelope.groups import group_of
from ledger.envelope.reveal import reveal
from ledger.errors import Invalid


def withhold(envelope: Envelope, groups: Collection[str] = (), *, attachments: Collection[str] = ()) -> Envelope:
    """Return the envelope without the disclosures of `groups` and of the attachments with these names.

    groups: JSON pointers into the document (`/documentParties`); one that the document does not hold, or that is
    withheld already, is passed over. Raises Invalid `kind.group` for a pointer that is no group of this kind,
    `attachment.unnamed` for a name that is not disclosed, and what `reveal` raises.
    """
    _check_groups(envelope, groups)
    places = reveal(envelope.claims, envelope.opened).places
    dropped = {d.text for d in envelope.opened if group_of(d, places) in groups}
    for name in attachments:
        dropped.add(_statement(envelope, name).text)
    return Envelope(envelope.jwt, tuple(d for d in envelope.disclosures if d not in dropped), envelope.token)


def _check_groups(envelope: Envelope, groups: Collection[str]) -> None:
    for group in groups:
        if group not in envelope.kind.groups:
            raise Invalid(
                "kind.group",
                f"this is no group of the kind {envelope.kind.name}, so it cannot be withheld",
                pointer=group[:256],
                mend="withhold only " + ", ".join(envelope.kind.groups),
            )


def _statement(envelope: Envelope, name: str) -> Disclosure:
    for disclosure in envelope.opened:
        if disclosure.name is None and isinstance(disclosure.value, dict) and disclosure.value.get("name") == name:
            return disclosure
    raise Invalid(
        "attachment.unnamed",
        "the envelope names no such attachment, or its statement is withheld already",
        mend="give the name of an attachment as the envelope states it",
    )
