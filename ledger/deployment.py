"""The contracts put on a chain, once however often it is tried; the network file says where they are."""

from collections.abc import Sequence

from eth_utils.crypto import keccak

from contracts import artifact, runtime_matches
from ledger.account import Account
from ledger.authority import Founder
from ledger.authority_registry import AuthorityRegistry
from ledger.chain import Chain
from ledger.creation import Creation, creations
from ledger.errors import Refused
from ledger.finality.form import CHECKPOINT, Form
from ledger.founding import Founding
from ledger.network import DeployedContract, Network
from ledger.transaction import await_receipt, estimate_gas
from ledger.vote import by_vote

__all__ = ["by_vote", "deploy"]

_NEW_ACCOUNT = "make a new deployer account and let it send nothing else"


def deploy(
    chain: Chain,
    account: Account,
    founders: Sequence[Founder],
    quorum: int,
    *,
    network: Network | None = None,
    name: str = "portseal",
    rpc: Sequence[str] = (),
    finality: Form = CHECKPOINT,
) -> Network:
    """Deploy the five registries and return where they are; with a `network`, check it and deploy nothing.

    The account must deploy nothing else: the contracts are its transactions 0 to 4. Interrupted at any moment and
    called again with the same arguments, it goes on where it was. Raises Refused `deployment.*`, `contract.*`,
    `chain.*`, `network.code`, Unavailable `chain.*`.
    """
    if network is not None:
        network.check(chain)
        return network
    founding = Founding(tuple(founders), quorum)
    planned = creations(account, founding.founders, quorum, chain.chain_id)
    _send_missing(chain, account, planned, founding)
    receipts = [await_receipt(chain, one.signed.hash) for one in planned]
    if not all(receipt.succeeded for receipt in receipts):
        detail = f"a transaction of the deployer {account.address} is on the chain and failed"
        raise Refused("deployment.failed", detail, mend=_NEW_ACCOUNT)
    return Network(
        name=name,
        chain_id=chain.chain_id,
        genesis_hash=chain.genesis_hash,
        rpc=tuple(rpc),
        contracts={one.name: _deployed(chain, one) for one in planned},
        deployed_at=receipts[0].block_number,
        finality=finality,
    )


def _send_missing(chain: Chain, account: Account, planned: Sequence[Creation], founding: Founding) -> None:
    # The nonce first: what is mined in between then has a receipt, and is not taken for another transaction.
    used = chain.nonce(account.address)
    missing = [one for one in planned if chain.receipt(one.signed.hash) is None]
    for one in missing:
        if one.signed.nonce < used:
            raise _taken(chain, one, founding)
    if missing == planned:
        # What the constructor refuses would cost the account its first nonce, and the deployer a new account.
        estimate_gas(chain, account.address, planned[0].call)
    for one in missing:
        chain.send(one.signed.raw)


def _taken(chain: Chain, creation: Creation, founding: Founding) -> Refused:
    """Say what the account has done with the nonce instead."""
    nonce, address = creation.signed.nonce, creation.address
    used = f"the deployer {creation.signed.sender} has used its nonce {nonce}"
    if not runtime_matches(artifact(creation.name), chain.code(address)):
        return Refused("deployment.account-used", f"{used} for something else than {creation.name}", mend=_NEW_ACCOUNT)
    if nonce == 0 and (found := list(founding.differences(AuthorityRegistry(chain, address)))):
        detail = f"{used} for another consortium, at {address}: {'; '.join(found)}"
        mend = "give the founders with which it was begun, or make a new deployer account for a new consortium"
        return Refused("deployment.other-founders", detail, mend=mend)
    detail = f"{used} for {creation.name} at {address}, by a transaction that is not the one of this edition"
    mend = "use the network file of that deployment, and the edition of Portseal that made it"
    return Refused("deployment.other-transaction", detail, mend=mend)


def _deployed(chain: Chain, creation: Creation) -> DeployedContract:
    code = chain.code(creation.address)
    if not runtime_matches(artifact(creation.name), code):
        detail = f"the code at {creation.address} is not that of {creation.name}, although it was deployed"
        raise Refused("network.code", detail, mend="check that the chain runs the London rules or later ones")
    return DeployedContract(creation.address, keccak(code))
