"""For each kind a document whose gate statement is as large as one can be, and hard to compress."""

import copy
import random
from typing import Any

from api.demonstration.samples import sample

LONGEST_ISSUER = "x" * 32
_CHANCE = random.Random(7)


def _wide(length: int) -> str:
    """A text of characters that have three bytes in UTF-8."""
    return "".join(chr(_CHANCE.randrange(0x4E00, 0x9FA5)) for _ in range(length))


def _container() -> str:
    return "".join(_CHANCE.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=4)) + f"{_CHANCE.randrange(10**7):07d}"


def _bill() -> dict[str, Any]:
    document = copy.deepcopy(sample("bill-of-lading"))
    equipment = document["utilizedTransportEquipments"][0]
    all_ = [equipment | {"equipment": {"equipmentReference": _container()}} for _ in range(300)]
    return document | {
        "transportDocumentReference": _wide(20),
        "carrierCode": _wide(4),
        "utilizedTransportEquipments": all_,
    }


def _certificate() -> dict[str, Any]:
    document = copy.deepcopy(sample("certificate-of-origin"))
    item = document["items"][0] | {"packages": {"number": 1_000_000_000_000, "kind": "Cartons"}}
    items = [item | {"itemNumber": number} for number in range(1, 301)]
    return document | {
        "certificateNumber": _wide(100),
        "validUntil": "2027-10-12",
        "items": items,
    }


def _credential() -> dict[str, Any]:
    document = copy.deepcopy(sample("aeo-credential"))
    code = "".join(_CHANCE.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=50))
    document["operator"] |= {"name": _wide(200), "code": code}
    roles = ["customs-broker", "terminal-operator", "airport-operator", "express-operator", "exporter"]
    return document | {
        "certificateNumber": _wide(100),
        "programme": _wide(100),
        "tier": _wide(100),
        "roles": roles,
        "validUntil": "2029-06-17",
    }


LARGEST = {"bill-of-lading": _bill(), "certificate-of-origin": _certificate(), "aeo-credential": _credential()}
