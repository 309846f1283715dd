"""The composition root: the one place that builds adapters and puts them together."""

from collections.abc import Callable
from dataclasses import dataclass

from anchors.archive import Archive
from anchors.checkpoints import CheckpointFinality
from anchors.database import Database, upgrade
from anchors.payloads import Payloads
from anchors.pipeline.accept import Registrar
from anchors.pipeline.accepted_receipt import ReceiptOffice
from anchors.pipeline.issuer_directory import RegistryDirectory
from anchors.pipeline.resources import Limits, Resources
from anchors.pipeline.worker import Worker
from anchors.readers import Readers
from anchors.status_writer import StatusWriter
from anchors.stores import FolderStore
from anchors.tenants import Tenants
from api.custody import Custody
from api.home import Home
from api.node import Node
from api.settings import Settings
from ledger.chain import Chain
from ledger.cosigner import Cosigner
from ledger.embedded import EmbeddedChain
from ledger.embedded.server import RpcServer
from ledger.network import Network
from ledger.registries import Registries
from verifier.online import online


@dataclass(frozen=True)
class _Connected:
    chain: Chain
    registries: Registries
    closing: list[Callable[[], None]]


def build(settings: Settings) -> Node:
    """Build a node from its folder; nothing of it runs yet but the chain. `start` it, and `close` it at the end.

    Raises Invalid `home.empty`, `home.unfinished`, `settings.passphrase`, `keystore.*`, `network.*`; Unavailable
    `embedded.*`, `chain.*`.
    """
    home = Home(settings.home.expanduser())
    home.check_whole()
    custody = Custody(home, settings.keystore_passphrase())
    network = Network.read(home.network)
    connected = _connect(home, network, settings)
    try:
        return _assemble(settings, home, custody, network, connected)
    except BaseException:
        for step in connected.closing:
            step()
        raise


def start(node: Node) -> None:
    """Start the pipeline."""
    node.worker.start()


def _connect(home: Home, network: Network, settings: Settings) -> _Connected:
    if network.rpc:
        chain = Chain.http(network.rpc[0])
        return _Connected(chain, network.registries(chain), [])
    embedded = EmbeddedChain.open(home.chain, chain_id=network.chain_id)
    embedded.start()
    server = RpcServer(embedded, port=settings.rpc_port)
    server.start()
    home.rpc.write_text(server.url + "\n", encoding="ascii")
    chain = Chain(embedded.request)
    return _Connected(chain, network.registries(chain), [server.close, embedded.close])


def _assemble(settings: Settings, home: Home, custody: Custody, network: Network, connected: _Connected) -> Node:
    chain, registries = connected.chain, connected.registries
    network.check(chain)
    database = Database.at(home.database)
    upgrade(database)
    store = FolderStore(home.payloads)
    tenants = Tenants(database)
    cosigners = [_cosigner(home, custody, network, authority) for authority in home.cosigners()]
    finality = CheckpointFinality(database, chain, registries, cosigners)
    directory = RegistryDirectory(chain, registries.issuer, registries.authority)
    authority = home.authority.read_text(encoding="utf-8").strip()
    worker = Worker(
        Resources(
            database=database,
            store=store,
            chain=chain,
            documents=registries.document,
            account=custody.anchor_account(),
            directory=directory,
            finality=finality,
            limits=Limits(batch_seconds=settings.batch_seconds),
        )
    )
    office = ReceiptOffice(authority, custody.answers_key(), network.chain_id)
    archive = Archive(database, finality)
    return Node(
        settings=settings,
        authority=authority,
        network=network,
        chain=chain,
        registries=registries,
        custody=custody,
        database=database,
        store=store,
        tenants=tenants,
        registrar=Registrar(database, directory, office, notify=worker.notify),
        readers=Readers(database, Payloads(database, store), tenants),
        archive=archive,
        finality=finality,
        statuses=StatusWriter(chain, registries.document),
        worker=worker,
        verifier=online(archive, chain, registries),
        closing=[worker.stop, *connected.closing, store.close, database.close],
    )


def _cosigner(home: Home, custody: Custody, network: Network, authority: str) -> Cosigner:
    guard = home.cosigner_guard(authority)
    guard.parent.mkdir(parents=True, exist_ok=True)
    return Cosigner(authority, custody.cosigner_key(authority), guard, network)
