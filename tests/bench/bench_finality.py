"""What the checks of finality proofs and state proofs take on one core.

`python -m tests.bench.bench_finality [count]`: proofs made here, each checked `count` times. Times are of the
processor, not of the clock, so that other work on the machine does not count.
"""

import sys
from collections.abc import Callable
from time import process_time

from eth_utils import keccak, to_canonical_address
from trie.hexary import HexaryTrie

from ledger import strict_rlp
from ledger.account_proof import AccountProof, SlotProof
from ledger.finality import clique, qbft
from ledger.finality.validator_sets import ValidatorRange, ValidatorSets
from ledger.state_proof import verify_state
from tests.ledger import sealed_headers
from tests.ledger.sealed_headers import clique_chain, sealers


def trie(entries: dict[bytes, bytes]) -> HexaryTrie:
    """Return a trie with the entries under the hashes of their keys, as state and storage are kept."""
    built = HexaryTrie({}, prune=True)
    for key, value in entries.items():
        built[keccak(key)] = value
    return built


def path(built: HexaryTrie, key: bytes) -> tuple[bytes, ...]:
    """Return the nodes that prove a key."""
    nodes = [strict_rlp.encode(node) for node in built.get_proof(keccak(key))]  # type: ignore[no-untyped-call]
    return tuple(node for place, node in enumerate(nodes) if place == 0 or len(node) >= 32)


def state(accounts: int, slots: int) -> tuple[bytes, AccountProof]:
    """Return a state root and the proof of one account with one slot, among so many of each."""
    words = {slot.to_bytes(32, "big"): strict_rlp.encode(keccak(b"%d" % slot)) for slot in range(slots)}
    storage = trie(words)
    address, code_hash = sealers(1)[0].address, keccak(b"code")
    record = strict_rlp.encode([b"\1", b"", storage.root_hash, code_hash])
    raw = to_canonical_address(address)
    world = trie({raw: record} | {keccak(b"%d" % one)[:20]: record for one in range(accounts)})
    slot = SlotProof(keccak(b"7"), path(storage, (7).to_bytes(32, "big")))
    return world.root_hash, AccountProof(address, 1, 0, code_hash, storage.root_hash, path(world, raw), {7: slot})


def timed(name: str, check: Callable[[], object], count: int) -> None:
    """Print what one check takes."""
    check()
    started = process_time()
    for _ in range(count):
        check()
    microseconds = (process_time() - started) / count * 1e6
    print(f"  {name:<58}{microseconds:>8.0f} us{1e6 / microseconds:>8.0f} /s")


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for size in (4, 15):
        members = sealers(size)
        sets = ValidatorSets((ValidatorRange(0, tuple(one.address for one in members)),))
        header = sealed_headers.qbft(9, members, members[: qbft.quorum(size)])
        name = f"QBFT header, {qbft.quorum(size)} seals of {size}, {len(header)} bytes"
        timed(name, lambda header=header, sets=sets: qbft.verify(header, sets), count)  # type: ignore[misc]
    three = sealers(3)
    headers = clique_chain([three[1], three[2], three[0], three[1]], three)
    size = sum(len(one) for one in headers)
    timed(
        f"Clique proof, 4 headers, {size} bytes", lambda: clique.verify(headers, [one.address for one in three]), count
    )
    root, proof = state(1_000, 1_000)
    size = sum(len(node) for node in (*proof.nodes, *proof.slots[7].nodes))
    name = f"account and one slot, among 1,000 each, {size} bytes"
    timed(name, lambda: verify_state(root, proof), count)


if __name__ == "__main__":
    main()
