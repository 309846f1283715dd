"""The chain's rules: London from the first block, no block reward, no base fee, one fixed gas limit."""

from typing import Any

from eth.abc import AtomicDatabaseAPI, BlockAPI, BlockHeaderAPI, SignedTransactionAPI
from eth.chains.base import MiningChain
from eth.consensus.applier import ConsensusApplier
from eth.consensus.noproof import NoProofConsensus
from eth.typing import HeaderParams
from eth.vm.forks.london import LondonVM
from eth.vm.forks.london.state import LondonState, LondonTransactionExecutor

DEFAULT_CHAIN_ID = 87001
GENESIS_TIME = 1_577_836_800  # 2020-01-01T00:00:00Z: before anything Portseal dates
BLOCK_GAS = 1 << 40
BLOCK_GAS_TARGET = BLOCK_GAS // 2  # EIP-1559: a block that uses more would raise the base fee above 0
TRANSACTION_GAS = 1 << 28  # py-evm runs 2 to 40 million gas a second: nothing may stop the chain for long
CALL_GAS = 1 << 26  # what a call gets that does not say
DIFFICULTY = 1  # py-evm takes a block for its head only if the sum of difficulties grows


class EmbeddedExecutor(LondonTransactionExecutor):
    """Does not check signatures: `intake` did, and a second time is a sixth of the work of a block."""

    def validate_transaction(self, transaction: SignedTransactionAPI) -> None:
        """Check funds and nonce."""
        self.vm_state.validate_transaction(transaction)


class EmbeddedState(LondonState):
    """London's state, with our executor."""

    transaction_executor_class = EmbeddedExecutor


class EmbeddedVM(LondonVM):
    """London without block rewards: an empty block leaves the state as it is."""

    _state_class = EmbeddedState

    def _assign_block_rewards(self, block: BlockAPI) -> None:
        """Pay nothing, and touch no account."""


class EmbeddedRules(MiningChain):
    """A py-evm chain with one virtual machine from genesis; made per chain id by `rules`."""

    vm_configuration = ConsensusApplier(NoProofConsensus).amend_vm_configuration(((0, EmbeddedVM),))

    def create_header_from_parent(self, parent_header: BlockHeaderAPI, **header_params: Any) -> BlockHeaderAPI:
        """Return the next block's header; its time is a place holder until the block is stamped."""
        fixed = {"gas_limit": BLOCK_GAS, "difficulty": DIFFICULTY, "timestamp": parent_header.timestamp + 1}
        return super().create_header_from_parent(parent_header, **{**fixed, **header_params})


def rules(chain_id: int) -> type[EmbeddedRules]:
    """Return the chain class for `chain_id`."""
    return type("EmbeddedRules", (EmbeddedRules,), {"chain_id": chain_id})


def genesis_mark(chain_id: int) -> bytes:
    """Return the extra data of block 0, by which a directory tells which chain it holds."""
    return f"portseal {chain_id}".encode()


def genesis(chain_id: int, store: AtomicDatabaseAPI) -> EmbeddedRules:
    """Write block 0 into `store`: empty state, a fixed time, the chain id in the extra data."""
    header: dict[str, HeaderParams] = {
        "difficulty": DIFFICULTY,
        "gas_limit": BLOCK_GAS,
        "timestamp": GENESIS_TIME,
        "base_fee_per_gas": 0,
        "extra_data": genesis_mark(chain_id),
    }
    chain = rules(chain_id).from_genesis(store, header, {})
    assert isinstance(chain, EmbeddedRules)  # noqa: S101 - from_genesis is typed as the base class
    return chain
