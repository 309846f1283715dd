"""The registries of recognitions and of operators, deployed beside those of the test consortium."""

from dataclasses import dataclass

import rlp
from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak

from contracts import artifact
from ledger import operator_registry, recognition_registry
from ledger.abi import abi_of
from ledger.account import Account
from ledger.operator_registry import OperatorRegistry
from ledger.recognition_registry import RecognitionRegistry
from ledger.transaction import Call, submit
from tests.consortium import Consortium


@dataclass(frozen=True)
class TradeRegistries:
    recognition: RecognitionRegistry
    operator: OperatorRegistry

    @classmethod
    def deploy(cls, consortium: Consortium) -> "TradeRegistries":
        deployer = Account.generate()
        chain, authorities = consortium.chain, consortium.registries.authority.contract.address
        addresses = []
        for nonce, name in enumerate((recognition_registry.NAME, operator_registry.NAME)):
            code = artifact(name).bytecode + abi_of(name).constructor([authorities])
            submit(chain, deployer, Call(None, code, abi_of(name)))
            created = rlp.encode([to_canonical_address(deployer.address), nonce])
            addresses.append(to_checksum_address(keccak(created)[12:]))
        return cls(RecognitionRegistry(chain, addresses[0]), OperatorRegistry(chain, addresses[1]))
