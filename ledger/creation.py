"""The transactions that create the registries. They follow from the deployer, the founders and the chain id alone:
signed again, they are the same bytes, so that a chain can be asked whether it has them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import rlp
from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak

from contracts import artifact
from ledger import authority_registry, document_registry, issuer_registry, operator_registry, recognition_registry
from ledger.abi import abi_of
from ledger.account import Account
from ledger.authority import Founder
from ledger.transaction import Call, SignedTransaction, sign

# Twice what is needed, or nearly: what is not used costs nothing, and the code may grow.
_GAS_PER_BYTE = 300
_GAS_PER_FOUNDER = 500_000
_GAS_BESIDES = 500_000


@dataclass(frozen=True, slots=True)
class Creation:
    """One contract: the transaction that creates it, and where it then is. Nonces are 0 to 4."""

    name: str
    address: str
    call: Call
    signed: SignedTransaction


def creations(account: Account, founders: Sequence[Founder], quorum: int, chain_id: int) -> list[Creation]:
    """Return the creations of the five registries, in their order, by an account that has sent nothing yet.

    The gas limits are fixed, not estimated: an estimate would make other bytes tomorrow. Raises Invalid for founders
    that cannot be encoded.
    """
    authorities, issuers, documents, recognitions, operators = _addresses(account)
    founding = _call(authority_registry.NAME, [founder.fields() for founder in founders], quorum)
    planned = [
        (authority_registry.NAME, authorities, founding),
        (issuer_registry.NAME, issuers, _call(issuer_registry.NAME, authorities)),
        (document_registry.NAME, documents, _call(document_registry.NAME, authorities, issuers)),
        (recognition_registry.NAME, recognitions, _call(recognition_registry.NAME, authorities)),
        (operator_registry.NAME, operators, _call(operator_registry.NAME, authorities)),
    ]
    storing = _GAS_PER_FOUNDER * len(founders)
    return [
        Creation(name, address, call, sign(account, call, nonce=nonce, chain_id=chain_id, gas=_gas(call) + storing))
        for nonce, (name, address, call) in enumerate(planned)
    ]


def _gas(call: Call) -> int:
    return _GAS_BESIDES + _GAS_PER_BYTE * len(call.data)


def _call(name: str, *arguments: object) -> Call:
    abi = abi_of(name)
    return Call(None, artifact(name).bytecode + abi.constructor(arguments), abi)


def _addresses(account: Account) -> Iterator[str]:
    """Yield where the account's first five transactions create contracts (Yellow Paper §7)."""
    creator = to_canonical_address(account.address)
    for nonce in range(5):
        yield to_checksum_address(keccak(rlp.encode([creator, nonce]))[12:])
