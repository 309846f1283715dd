"""How many items a CBOR text has, counted without building one: 24 MiB of empty lists would fill gigabytes."""

from ledger.errors import Invalid

_LENGTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_BYTES, _TEXT = 2, 3


def check_items(data: bytes, most: int, what: str) -> None:
    """Pass over the heads of all items. Raises Invalid `<what>.form` for more than `most`.

    Whether it is CBOR is for the decoder to find; where a head cannot be read, counting ends.
    """
    if len(data) <= most:
        return  # an item has a byte at least
    at = count = 0
    while at < len(data):
        count += 1
        if count > most:
            detail = f"the {what} has more than {most} items"
            raise Invalid(f"{what}.form", detail, mend="take the bytes as they were made")
        kind, size = data[at] >> 5, data[at] & 0x1F
        width = _LENGTHS.get(size, 0)
        number = int.from_bytes(data[at + 1 : at + 1 + width]) if width else size
        at += 1 + width + (number if kind in (_BYTES, _TEXT) else 0)
