"""Which programme of recognition a kind of document falls under."""

from collections.abc import Mapping
from types import MappingProxyType

from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from ledger.kinds.bill_of_lading import BILL_OF_LADING
from ledger.kinds.certificate_of_origin import CERTIFICATE_OF_ORIGIN

PROGRAMMES: Mapping[str, str] = MappingProxyType(
    {AEO_CREDENTIAL.name: "aeo", CERTIFICATE_OF_ORIGIN.name: "origin", BILL_OF_LADING.name: "ebl"}
)
"""By the name of the kind; a kind that is not there can be recognised by nobody yet."""
