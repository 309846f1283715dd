"""What `portseal fsck` and `portseal rebuild` work with: the parts of a node, none of them started."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from anchors.database import Database, upgrade
from anchors.finality import FinalityProof
from anchors.fsck.scene import Judge, Scene
from anchors.replicas.replicas import Replicas
from api.custody import Custody
from api.home import Home
from api.settings import Settings
from api.stores import open_stores
from ledger.block import Block
from ledger.chain import Chain
from ledger.embedded import EmbeddedChain
from ledger.errors import Unavailable
from ledger.finality.form import Form
from ledger.http_transport import HttpTransport
from ledger.network import Network
from ledger.network_guard import NetworkGuard
from ledger.node_choice import NodeChoice
from ledger.registries import Registries
from verifier.finality_facts import FinalityFacts


@dataclass(frozen=True)
class Parts:
    """runs: whether a node has the embedded chain open."""

    home: Home
    network: Network
    registries: Registries
    custody: Custody
    scene: Scene
    replicas: Replicas
    runs: bool


@contextmanager
def parts_of(settings: Settings, *, quick: bool = False) -> Iterator[Parts]:
    """Open the parts of a node, and close them at the end. The node itself may run meanwhile.

    Raises as `api.bootstrap.build`.
    """
    home = Home(settings.home.expanduser())
    home.check_whole()
    custody, network = Custody(home, settings.keystore_passphrase()), Network.read(home.network)
    with ExitStack() as stack:
        chain, runs = _chain(home, network, stack)
        network.check(chain)
        database = stack.enter_context(closing(Database(settings.database_address())))
        upgrade(database)
        stores = open_stores(settings, home, database)
        for close in stores.closing:
            stack.callback(close)
        registries = network.registries(chain)
        scene = Scene(
            database=database,
            chain=chain,
            documents=registries.document,
            stores=stores.replicas.stores,
            accounts=frozenset({custody.anchor_account().address}),
            deployed_at=network.deployed_at,
            form=network.finality.name,
            judge=judge_of(chain, registries, network.finality),
            clock=time.time,
            quick=quick,
        )
        yield Parts(home, network, registries, custody, scene, stores.replicas, runs)


def judge_of(chain: Chain, registries: Registries, form: Form) -> Judge:
    """Return what says of a proof of finality why it does not hold on this chain, by the network's form."""
    facts = FinalityFacts(chain, registries.authority, form)

    def judge(proof: FinalityProof, block: Block) -> str | None:
        found = facts.judge(proof, block)
        if found.fault is not None:
            return f"{found.fault}: {found.detail}"
        return None if found.on_chain else "it is of another chain, or of a block that is not on the chain"

    return judge


def _chain(home: Home, network: Network, stack: ExitStack) -> tuple[Chain, bool]:
    if network.rpc:
        nodes = [HttpTransport(url) for url in network.rpc]
        for node in nodes:
            stack.callback(node.close)
        return Chain(NodeChoice([NetworkGuard(node, network) for node in nodes])), False
    try:
        embedded = EmbeddedChain.open(home.chain, chain_id=network.chain_id)
    except Unavailable as error:
        if error.code != "embedded.locked":
            raise
        node = HttpTransport(home.rpc.read_text(encoding="ascii").strip())
        stack.callback(node.close)
        return Chain(NetworkGuard(node, network)), True
    stack.callback(embedded.close)
    return Chain(embedded.request, is_local=True), False
