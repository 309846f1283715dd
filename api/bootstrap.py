"""The composition root: the one place that builds adapters and puts them together."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import structlog

from anchors.anchored_hours import AnchoredHours
from anchors.archive import Archive
from anchors.checkpoints import CheckpointFinality
from anchors.clique_finality import CliqueFinality
from anchors.database import Database, upgrade
from anchors.finality import Finality
from anchors.gate_archive import GateArchive
from anchors.gate_code_making import GateCodes
from anchors.hour_places import HourPlaces
from anchors.inclusion_making import Inclusions
from anchors.intents.admission import IntentAdmission
from anchors.intents.relay import IntentRelay
from anchors.lease import Leases
from anchors.payloads import Payloads
from anchors.pipeline.accept import Registrar
from anchors.pipeline.accepted_receipt import ReceiptOffice
from anchors.pipeline.issuer_directory import RegistryDirectory
from anchors.pipeline.resources import Limits, Resources
from anchors.pipeline.waiting_room import WaitingRoom
from anchors.pipeline.worker import Worker
from anchors.qbft_finality import QbftFinality
from anchors.readers import Readers
from anchors.replicas.audit_thread import AuditThread
from anchors.reports import Reports
from anchors.status_writer import StatusWriter
from anchors.tenants import Tenants
from api import metrics, tracing
from api.custody import Custody
from api.decision_policy import policy_of
from api.home import Home
from api.node import Node
from api.node_roots import NodeRoots
from api.owners_chain import OwnersChain
from api.settings import Settings
from api.stores import OpenStores, open_stores
from ledger.chain import Chain
from ledger.cosigner import Cosigner
from ledger.embedded import EmbeddedChain
from ledger.embedded.server import RpcServer
from ledger.errors import Unavailable
from ledger.finality.form import Clique, Qbft
from ledger.http_transport import HttpTransport
from ledger.network import Network
from ledger.network_guard import NetworkGuard
from ledger.node_choice import NodeChoice
from ledger.registries import Registries
from ledger.witnesses import Witnesses
from verifier.hand_over_making import HandOverMaker
from verifier.node_archive import NodeArchive
from verifier.node_hours import NodeHours
from verifier.online import online
from verifier.proved_head import ProvedHead
from verifier.proved_online import proved_online
from verifier.verify import Verifier

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Connected:
    chain: Chain
    registries: Registries
    nodes: Witnesses
    each: list[Chain]
    closing: list[Callable[[], None]]


def build(settings: Settings) -> Node:
    """Build a node from its folder; nothing of it runs yet but the embedded chain. `start` it, `close` it at the end.

    Several processes may share a folder: the first one owns the embedded chain, the others ask it over loopback.

    Servers of others (the chain's node, Kubo) need not answer yet: the node waits for them. Raises Invalid
    `home.empty`, `home.unfinished`, `settings.*`, `decision-policy.*`, `keystore.*`, `network.*`, `database.*`, Refused
    `network.code`, Unavailable `embedded.*`, `chain.other-network`, `database.*`.
    """
    home = Home(settings.home.expanduser())
    home.check_whole()
    custody = Custody(home, settings.keystore_passphrase())
    network = Network.read(home.network)
    with ExitStack() as opened:
        connected = _connect(home, network, settings)
        _close_unless_whole(opened, connected.closing)
        _check(network, connected.chain)
        database = Database(settings.database_address())
        _close_unless_whole(opened, [database.close])
        upgrade(database)
        stores = open_stores(settings, home, database)
        _close_unless_whole(opened, stores.closing)
        node = _assemble(settings, home, custody, network, connected, database, stores)
        opened.pop_all()
        return node


def start(node: Node) -> None:
    """Start following what was relayed, the care for the stores, metrics, traces, and in a worker the pipeline.

    Raises Invalid `metrics.port`, `settings.tracing`.
    """
    settings = node.settings
    tracing.configure(settings.traces, node.authority)
    if settings.metrics_port is not None:
        node.closing.append(metrics.listen(node, settings.metrics_host, settings.metrics_port))
    node.leases.start()
    if settings.worker:
        node.worker.start()
    node.relay.start()
    node.audit.start()


def _connect(home: Home, network: Network, settings: Settings) -> _Connected:
    if network.rpc:
        nodes = [HttpTransport(url) for url in network.rpc]
        guarded = [NetworkGuard(node, network) for node in nodes]
        choice = NodeChoice(guarded)
        chain, each = Chain(choice), [Chain(node) for node in guarded]
        witnesses = Witnesses(each, choice.leave)
        return _Connected(chain, network.registries(chain), witnesses, each, [node.close for node in nodes])
    try:
        embedded = EmbeddedChain.open(home.chain, chain_id=network.chain_id)
    except Unavailable as error:
        if error.code != "embedded.locked":
            raise
        return _connect_to_owner(home, network)
    with ExitStack() as opened:
        _close_unless_whole(opened, [embedded.close])
        embedded.start()
        server = RpcServer(embedded, port=settings.rpc_port)
        _close_unless_whole(opened, [server.close])
        server.start()
        home.rpc.write_text(server.url + "\n", encoding="ascii")
        opened.pop_all()
    chain = Chain(embedded.request, is_local=True)
    return _Connected(chain, network.registries(chain), Witnesses([chain]), [chain], [server.close, embedded.close])


def _close_unless_whole(opened: ExitStack, steps: Sequence[Callable[[], None]]) -> None:
    for step in reversed(steps):
        opened.callback(step)


def _connect_to_owner(home: Home, network: Network) -> _Connected:
    owner = OwnersChain(home.rpc, home.chain, network.chain_id)
    # Its file is on this machine.
    chain = Chain(NetworkGuard(owner, network), is_local=True)
    return _Connected(chain, network.registries(chain), Witnesses([chain]), [chain], [owner.close])


def _assemble(
    settings: Settings,
    home: Home,
    custody: Custody,
    network: Network,
    connected: _Connected,
    database: Database,
    stores: OpenStores,
) -> Node:
    chain, registries, replicas = connected.chain, connected.registries, stores.replicas
    tenants, leases = Tenants(database), Leases(database)
    finality = finality_of(home, custody, network, database, registries)
    directory = RegistryDirectory(chain, registries.issuer, registries.authority)
    authority = home.authority.read_text(encoding="utf-8").strip()
    worker = Worker(
        Resources(
            database=database,
            store=replicas,
            chain=chain,
            documents=registries.document,
            account=custody.anchor_account(),
            directory=directory,
            finality=finality,
            leases=leases,
            limits=Limits(batch_seconds=settings.batch_seconds, gas_price_ceiling=settings.gas_price_ceiling),
            nodes=connected.nodes,
        )
    )
    audit = AuditThread(database, replicas, leases, budget=settings.audit_bytes)
    payloads = Payloads(database, replicas)
    office = ReceiptOffice(authority, custody.answers_key(), network.chain_id)
    archive = Archive(database, finality)
    hours = AnchoredHours(chain, registries.document, finality, network.deployed_at)
    places = HourPlaces(registries.document, hours)
    admission = IntentAdmission(chain, network.chain_id, registries)
    relay = IntentRelay(database, chain, admission, custody.relay_account, leases)
    return Node(
        settings=settings,
        authority=authority,
        network=network,
        chain=chain,
        registries=registries,
        custody=custody,
        database=database,
        store=replicas,
        tenants=tenants,
        registrar=Registrar(
            database,
            directory,
            office,
            payloads=payloads,
            room=WaitingRoom(database, settings.waiting, stores=replicas),
            notify=worker.notify,
        ),
        readers=Readers(database, payloads, tenants),
        archive=archive,
        reports=Reports(database, finality, notify=worker.notify),
        finality=finality,
        statuses=StatusWriter(chain, registries.document, leases),
        relay=relay,
        leases=leases,
        worker=worker,
        audit=audit,
        decision_policy=policy_of(settings),
        verifier=online(
            archive,
            chain,
            registries,
            network.finality,
            witnesses=connected.each,
            hours=NodeHours(hours),
            only_node=not network.rpc,
        ),
        proved=_proved(settings, home, network, connected, archive, finality, hours),
        gates=GateCodes(GateArchive(database, archive, payloads), places),
        inclusions=Inclusions(archive, places),
        closing=[
            worker.stop,
            relay.stop,
            audit.stop,
            leases.release,
            *connected.closing,
            *stores.closing,
            database.close,
        ],
    )


def _proved(
    settings: Settings,
    home: Home,
    network: Network,
    connected: _Connected,
    archive: Archive,
    finality: Finality,
    hours: AnchoredHours,
) -> Verifier:
    chain = connected.chain
    roots = NodeRoots(settings.trust, home.trust, network, chain, connected.registries.authority)
    head = ProvedHead(roots, finality.newest, HandOverMaker(chain, network, finality.newest))
    return proved_online(NodeArchive(archive), head, [one.proof for one in connected.each], told=hours)


def _check(network: Network, chain: Chain) -> None:
    try:
        network.check(chain)
    except Unavailable as error:
        if error.code == "chain.other-network":
            raise
        # Every request goes through the guard, which looks again until the node answers.
        _log.warning("chain out of reach", code=error.code, detail=error.detail)


def finality_of(home: Home, custody: Custody, network: Network, database: Database, registries: Registries) -> Finality:
    """Return the network's form of finality, with the proofs in the database and the cosigners of this home."""
    chain = registries.document.contract.chain
    match network.finality:
        case Clique() as form:
            return CliqueFinality(database, chain, form)
        case Qbft() as form:
            return QbftFinality(database, chain, form)
    cosigners = [_cosigner(home, custody, network, authority) for authority in home.cosigners()]
    return CheckpointFinality(database, chain, registries, cosigners)


def _cosigner(home: Home, custody: Custody, network: Network, authority: str) -> Cosigner:
    guard = home.cosigner_guard(authority)
    guard.parent.mkdir(parents=True, exist_ok=True)
    return Cosigner(authority, custody.cosigner_key(authority), guard, network)
