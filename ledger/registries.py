"""The registries of one network, on one chain."""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger import authority_registry, document_registry, issuer_registry
from ledger.authority_registry import AuthorityRegistry
from ledger.chain import Chain
from ledger.document_registry import DocumentRegistry
from ledger.issuer_registry import IssuerRegistry

NAMES = (authority_registry.NAME, issuer_registry.NAME, document_registry.NAME)


@dataclass(frozen=True, slots=True)
class Registries:
    """One typed client per registry."""

    authority: AuthorityRegistry
    issuer: IssuerRegistry
    document: DocumentRegistry

    @classmethod
    def at(cls, chain: Chain, addresses: Mapping[str, str]) -> "Registries":
        """Return the clients of the registries at these addresses, by contract name."""
        authority, issuer, document = (addresses[name] for name in NAMES)
        return cls(
            AuthorityRegistry(chain, authority), IssuerRegistry(chain, issuer), DocumentRegistry(chain, document)
        )
