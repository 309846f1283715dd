"""What documents of one consignment say in common."""

from enum import StrEnum


class Aspect(StrEnum):
    """What is compared. CARRIED_UNDER: the transport document's number; INVOICE: an invoice's own number.

    INVOICES: the invoices that a document names.
    """

    CARRIED_UNDER = "carried-under"
    CONTAINERS = "containers"
    SEALS = "seals"
    GROSS_WEIGHT = "gross-weight"
    PACKAGES = "packages"
    HS_CODES = "hs-codes"
    ORIGINS = "origins"
    EXPORTER = "exporter"
    IMPORTER = "importer"
    LOADING = "loading"
    DISCHARGE = "discharge"
    DEPARTURE = "departure"
    CERTIFIED = "certified"
    INVOICE = "invoice"
    INVOICES = "invoices"
