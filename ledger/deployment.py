"""The contracts put on a chain, in their order; the network file says where they are."""

from collections.abc import Sequence

import rlp
from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak

from contracts import artifact, runtime_matches
from ledger import authority_registry, document_registry, issuer_registry
from ledger.abi import abi_of
from ledger.account import Account
from ledger.authority import Founder
from ledger.chain import Chain
from ledger.errors import Refused
from ledger.network import DeployedContract, Network
from ledger.transaction import Call, submit, submit_all
from ledger.vote import by_vote

__all__ = ["by_vote", "deploy"]


def deploy(
    chain: Chain,
    account: Account,
    founders: Sequence[Founder],
    quorum: int,
    *,
    network: Network | None = None,
    name: str = "portseal",
    rpc: Sequence[str] = (),
) -> Network:
    """Deploy the three registries and return where they are; with a `network`, check it and deploy nothing.

    Raises Refused `contract.*`, `network.code`, Unavailable `chain.*`.
    """
    if network is not None:
        network.check(chain)
        return network
    first = submit(chain, account, _creation(authority_registry.NAME, [f.fields() for f in founders], quorum))
    addresses = _deploy_others(chain, account, str(first.contract_address))
    return Network(
        name=name,
        chain_id=chain.chain_id,
        genesis_hash=chain.genesis_hash,
        rpc=tuple(rpc),
        contracts={one: _deployed(chain, one, address) for one, address in addresses.items()},
        deployed_at=first.block_number,
    )


def _deploy_others(chain: Chain, account: Account, authorities: str) -> dict[str, str]:
    # The address of the second is known before it is mined, so both fit into one block.
    issuers = _next_address(account, chain.nonce(account.address, pending=True))
    creations = [
        (account, _creation(issuer_registry.NAME, authorities)),
        (account, _creation(document_registry.NAME, authorities, issuers)),
    ]
    receipts = submit_all(chain, creations)
    names = (issuer_registry.NAME, document_registry.NAME)
    found = {name: str(one.contract_address) for name, one in zip(names, receipts, strict=True)}
    return {authority_registry.NAME: authorities, **found}


def _creation(name: str, *arguments: object) -> Call:
    abi = abi_of(name)
    return Call(None, artifact(name).bytecode + abi.constructor(arguments), abi)


def _next_address(account: Account, nonce: int) -> str:
    """Return the address of the contract that the account's transaction with this nonce creates."""
    creator = to_canonical_address(account.address)
    return to_checksum_address(keccak(rlp.encode([creator, nonce]))[12:])


def _deployed(chain: Chain, name: str, address: str) -> DeployedContract:
    code = chain.code(address)
    if not runtime_matches(artifact(name), code):
        detail = f"the code at {address} is not that of {name}, although it was deployed"
        raise Refused("network.code", detail, mend="check that the chain runs the London rules or later ones")
    return DeployedContract(address, keccak(code))
