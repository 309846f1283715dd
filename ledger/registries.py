"""The registries of one network, on one chain."""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger import authority_registry, document_registry, issuer_registry, operator_registry, recognition_registry
from ledger.authority_registry import AuthorityRegistry
from ledger.chain import Chain
from ledger.contract import Contract
from ledger.document_registry import DocumentRegistry
from ledger.issuer_registry import IssuerRegistry
from ledger.operator_registry import OperatorRegistry
from ledger.recognition_registry import RecognitionRegistry

NAMES = (
    authority_registry.NAME,
    issuer_registry.NAME,
    document_registry.NAME,
    recognition_registry.NAME,
    operator_registry.NAME,
)
"""The registries, in the order in which they are deployed."""


@dataclass(frozen=True, slots=True)
class Registries:
    """One typed client per registry."""

    authority: AuthorityRegistry
    issuer: IssuerRegistry
    document: DocumentRegistry
    recognition: RecognitionRegistry
    operator: OperatorRegistry

    @classmethod
    def at(cls, chain: Chain, addresses: Mapping[str, str]) -> "Registries":
        """Return the clients of the registries at these addresses, by contract name."""
        authority, issuer, document, recognition, operator = (addresses[name] for name in NAMES)
        return cls(
            AuthorityRegistry(chain, authority),
            IssuerRegistry(chain, issuer),
            DocumentRegistry(chain, document),
            RecognitionRegistry(chain, recognition),
            OperatorRegistry(chain, operator),
        )

    def seen_through(self, chain: Chain) -> "Registries":
        """Return clients of the same registries on another view of their chain."""
        return Registries.at(chain, self.addresses())

    def addresses(self) -> dict[str, str]:
        """Return the address of each registry, by its name."""
        return {name: contract.address for name, contract in self.contracts().items()}

    def contracts(self) -> dict[str, Contract]:
        """Return the contract of each registry, by its name."""
        contracts = (
            self.authority.contract,
            self.issuer.contract,
            self.document.contract,
            self.recognition.contract,
            self.operator.contract,
        )
        return dict(zip(NAMES, contracts, strict=True))
