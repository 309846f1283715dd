"""A node is killed at random moments: whatever it answered 202 to is final, once, and opens; the chain is whole.

PORTSEAL_LONG=1 kills 50 times; PORTSEAL_SEED, which every run prints, asks for the same moments again.
"""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import httpx
import pytest

from anchors import merkle
from anchors.cid import Cid, Codec
from anchors.manifest import LeafType, decode
from anchors.stores import FolderStore
from api.cli import opening, run
from api.cli.client import Client
from api.demonstration.establishing import Established
from api.home import Home
from ledger.chain import Chain
from ledger.document_registry import Anchored, DocumentChange
from ledger.envelope import Envelope, parse, verify
from ledger.network import Network
from tests.demonstration_node import copy_of_founded
from tests.faults.customer import Customer, customers
from tests.faults.node_process import NodeProcess

ROUNDS = 50 if os.environ.get("PORTSEAL_LONG") else 8
LONGEST_LIFE = 4.0
DATABASE = "portseal.db-wal"
WRITTEN = (DATABASE, "chain/chain.sqlite-wal", "payloads/packs")
"""What changes when a document is accepted or moves on, a block is made, a payload is stored."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(ROUNDS * 120)]


@dataclass(frozen=True)
class Survived:
    """What is there after all the kills: the node, running; its customers, each with everything answered."""

    node: NodeProcess
    established: Established
    customers: list[Customer]
    http: httpx.Client

    @property
    def promised(self) -> set[str]:
        return {digest for customer in self.customers for digest in customer.promised}

    def document(self, digest: str) -> dict[str, Any]:
        document: dict[str, Any] = self.http.get(f"/v1/documents/{digest}").json()
        return document


@pytest.fixture(scope="module")
def survived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survived]:
    home = tmp_path_factory.mktemp("killed") / "home"
    established = copy_of_founded(home)
    node = NodeProcess(home)
    seed = int(os.environ.get("PORTSEAL_SEED") or random.randrange(2**32))
    print(f"PORTSEAL_SEED={seed}")
    chance = random.Random(seed)
    serving = list(customers(established, chance))
    try:
        for end in ends(chance):
            node.start()
            end(node, serving, chance)
        node.start()
        node.await_ready()
        for customer in serving:
            customer.settle(node.address)
        with httpx.Client(base_url=node.address, timeout=60, trust_env=False) as http:
            survivors = Survived(node, established, serving, http)
            await_final(survivors)
            yield survivors
        assert node.stop() == 0
        assert run(["fsck", "--home", str(home)]) == 0
    finally:
        node.kill()


def ends(chance: random.Random) -> list[Callable[[NodeProcess, list[Customer], random.Random], None]]:
    """Return how each life ends: all three ways are among them, in random order."""
    found = list(
        islice(cycle((while_busy, while_accepting_one, while_busy, while_accepting_one, while_starting)), ROUNDS)
    )
    chance.shuffle(found)
    return found


def while_starting(node: NodeProcess, _serving: list[Customer], chance: random.Random) -> None:
    """Kill it while it looks at what the last life left."""
    node.await_chain_open()
    time.sleep(chance.random() * 0.5)
    node.kill()


def while_accepting_one(node: NodeProcess, serving: list[Customer], chance: random.Random) -> None:
    """Kill it around the moment at which it makes one document durable: before or after its answer."""
    node.await_ready()
    for customer in serving:
        customer.settle(node.address)
    node.await_quiet(DATABASE)
    with ThreadPoolExecutor() as pool:
        asking = pool.submit(chance.choice(serving).ask_one, node.address)
        node.await_write(DATABASE)
        time.sleep(chance.random() * 0.004)
        node.kill()
    asking.result()


def while_busy(node: NodeProcess, serving: list[Customer], chance: random.Random) -> None:
    """Kill it while it serves several customers, at any moment or just when something was written."""
    node.await_ready()
    ended = threading.Event()
    with ThreadPoolExecutor() as pool:
        lives = [pool.submit(customer.live, node.address, ended) for customer in serving]
        time.sleep(chance.random() * LONGEST_LIFE)
        if chance.random() < 0.5:
            node.await_write(chance.choice(WRITTEN))
        node.kill()
        ended.set()
    for life in lives:
        life.result()


def await_final(survived: Survived) -> None:
    deadline = time.monotonic() + 120
    for digest in survived.promised:
        while (state := survived.document(digest)["state"]) != "final":
            assert state != "failed", survived.document(digest)
            assert time.monotonic() < deadline, f"{digest} is {state}"
            time.sleep(0.1)


def anchored(survived: Survived, chain: Chain) -> list[Anchored]:
    """Return every anchoring that the chain tells of, to somebody who asks it without the node."""
    network = Network.read(Home(survived.node.home).network)
    network.check(chain)
    registry, head = network.registries(chain).document, chain.head().number
    found = registry.anchored(network.deployed_at, head)
    assert [one.index for one in found] == list(range(registry.changes(DocumentChange.ANCHORING, at=head).count))
    return found


def leaves(survived: Survived, one: Anchored) -> list[tuple[str, LeafType]]:
    """Return the leaves of a batch, from the manifest that the chain names."""
    with FolderStore(Home(survived.node.home).payloads) as store:
        manifest = decode(store.get(Cid(Codec.RAW, one.manifest_digest)))
    digests = [leaf.digest for leaf in manifest.leaves]
    assert (merkle.root(digests), len(digests)) == (one.root, one.size)
    return [(leaf.digest.hex(), leaf.leaf_type) for leaf in manifest.leaves]


@pytest.fixture(scope="module")
def batches(survived: Survived) -> dict[str, Anchored]:
    """Every document on the chain, with the batch that it is in; none is in two, and no gate statement either."""
    with closing(survived.node.chain()) as chain:
        found = [(*leaf, one) for one in anchored(survived, chain) for leaf in leaves(survived, one)]
    assert [digest for digest, times in Counter(digest for digest, _, _ in found).items() if times != 1] == []
    return {digest: one for digest, leaf_type, one in found if leaf_type == LeafType.ENVELOPE}


def test_something_was_going_on(survived: Survived) -> None:
    asked = sum(len(customer.numbers) for customer in survived.customers)
    revoked = sum(len(customer.revoked) for customer in survived.customers)
    cut_off = sum(customer.cut_off for customer in survived.customers)
    repeated = sum(customer.repeated for customer in survived.customers)
    print(f"{ROUNDS} kills: {cut_off} requests cut off, {repeated} of their documents durable all the same;", end=" ")
    print(f"{asked} documents, {revoked} revoked")
    assert asked > ROUNDS
    assert revoked
    assert cut_off >= ROUNDS / 2


def test_every_promised_document_is_on_the_chain(survived: Survived, batches: dict[str, Anchored]) -> None:
    assert survived.promised == set(batches)


def test_every_proof_leads_to_the_root_on_the_chain(survived: Survived, batches: dict[str, Anchored]) -> None:
    for digest, one in batches.items():
        document = survived.document(digest)
        assert document["state"] == "final"
        assert document["transaction"]["block_number"] == one.block_number
        assert document["finality"]["claims"]["number"] >= one.block_number
        place = document["batch"]
        assert (place["root"], place["manifest_digest"]) == (one.root.hex(), one.manifest_digest.hex())
        path = [bytes.fromhex(sibling) for sibling in place["path"]]
        assert merkle.verify_inclusion(bytes.fromhex(digest), place["index"], one.size, path, one.root)


@pytest.fixture(scope="module")
def envelopes(survived: Survived) -> dict[str, Envelope]:
    """Every promised document, opened by the one who registered it."""
    found = {}
    for customer in survived.customers:
        tenancy = survived.established.tenants[customer.issuer]
        client = Client(survived.node.address, tenancy.api_key)
        for digest in set(customer.promised):
            found[digest] = parse(opening.fetch(client, digest, tenancy.encryption_key).envelope)
    return found


def test_every_payload_opens_and_every_document_asked_for_is_there_once(
    survived: Survived, envelopes: dict[str, Envelope]
) -> None:
    numbers: Counter[str] = Counter()
    for digest, envelope in envelopes.items():
        key = survived.established.keys.issuer_keys[envelope.issuer].public_key
        assert envelope.digest.hex() == digest
        numbers[envelope.kind.number(verify(envelope, key).document)] += 1
    assert numbers == Counter(number for customer in survived.customers for number in customer.numbers)


def test_a_verifier_finds_them_valid(survived: Survived, envelopes: dict[str, Envelope]) -> None:
    revoked = {digest for customer in survived.customers for digest in customer.revoked}
    for digest in list(envelopes)[:: max(1, len(envelopes) // 50)]:
        body = {"envelope": envelopes[digest].serialize()}
        verdict = survived.http.post("/v1/verifications", json=body).json()
        wanted = ("VALID", "REVOKED" if digest in revoked else "ACTIVE")
        assert (verdict["authentic"], verdict["usable"]) == wanted


def test_what_was_revoked_is_revoked_once(survived: Survived) -> None:
    for customer in survived.customers:
        for digest in set(customer.promised):
            status = survived.document(digest)["status"]
            wanted = ("revoked", 1) if digest in customer.revoked else ("none", 0)
            assert (status["now"], len(status["entries"])) == wanted


def test_the_chain_is_whole(survived: Survived) -> None:
    with closing(survived.node.chain()) as chain:
        head = chain.head()
        parent = chain.genesis_hash
        for number in range(1, head.number + 1):
            block = chain.block(number)
            assert block is not None
            assert block.parent_hash == parent
            for transaction in block.transactions:
                receipt = chain.receipt(transaction)
                assert receipt is not None
                assert (receipt.block_hash, receipt.succeeded) == (block.hash, True)
            parent = block.hash
        assert parent == head.hash


def test_nothing_broke_on_the_way(survived: Survived) -> None:
    log = survived.node.log()
    assert "Traceback" not in log
    assert "step broke" not in log
