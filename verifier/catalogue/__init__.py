"""Every code that a finding can have. A code never changes its meaning. Published as docs/findings.md."""

from collections.abc import Mapping
from types import MappingProxyType

from verifier.catalogue.anchoring import ANCHORING
from verifier.catalogue.body import BODY
from verifier.catalogue.consignment import CONSIGNMENT
from verifier.catalogue.custody import CUSTODY
from verifier.catalogue.entry import CatalogueEntry
from verifier.catalogue.form import FORM
from verifier.catalogue.freshness import FRESHNESS
from verifier.catalogue.integrity import INTEGRITY
from verifier.catalogue.issuer import ISSUER
from verifier.catalogue.issuer_key import ISSUER_KEY
from verifier.catalogue.node import NODE
from verifier.catalogue.operator import OPERATOR
from verifier.catalogue.recognition import RECOGNITION
from verifier.catalogue.status import STATUS
from verifier.catalogue.title import TITLE
from verifier.catalogue.validity import VALIDITY

__all__ = ["CATALOGUE", "CatalogueEntry"]

CATALOGUE: Mapping[str, CatalogueEntry] = MappingProxyType(
    FORM
    | INTEGRITY
    | ISSUER_KEY
    | ISSUER
    | BODY
    | ANCHORING
    | STATUS
    | VALIDITY
    | RECOGNITION
    | OPERATOR
    | TITLE
    | CUSTODY
    | FRESHNESS
    | NODE
    | CONSIGNMENT
)
