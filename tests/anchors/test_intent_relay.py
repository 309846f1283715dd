"""The relay at each step where it, its chain's node or another process may fail: one effect, and the truth told."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from anchors.database import Database, upgrade
from anchors.database.models import RelayRow
from anchors.intents.admission import IntentAdmission
from anchors.intents.relay import IntentRelay
from anchors.lease import Leases
from ledger.account import Account
from ledger.chain import Chain
from ledger.errors import Refused, Unavailable
from ledger.identifier import to_bytes32
from ledger.intent import SignedIntent, next_nonce, sign_intent
from ledger.issuer_registry import IssuerState
from ledger.transaction import Call, submit
from tests.consortium import Consortium
from tests.ledger.code_of import code_of

FAR = 2**40
NOTHING = Call("0x000000000000000000000000000000000000dEaD", b"")


class Wire:
    """The way to the chain's node; `down`: methods that get no answer, `unknown`: methods that find nothing."""

    def __init__(self, consortium: Consortium) -> None:
        self._transport = consortium.chain.transport
        self.down: set[str] = set()
        self.unknown: set[str] = set()
        self.sent: list[str] = []

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        if method in self.down:
            raise Unavailable("chain.unreachable", "no answer", mend="try again")
        if method == "eth_sendRawTransaction":
            self.sent.append(params[0])
        if method in self.unknown:
            return {"result": None}
        return self._transport(method, params)


@pytest.fixture
def wire(consortium: Consortium) -> Wire:
    return Wire(consortium)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.at(tmp_path / "relay.db")
    upgrade(database)
    yield database
    database.close()


@pytest.fixture
def account() -> Account:
    return Account.generate()


Made = Callable[[], IntentRelay]


@pytest.fixture
def made(consortium: Consortium, wire: Wire, database: Database, account: Account) -> Made:
    """A relay as after a start of the node: what it knows is in the database."""

    def make() -> IntentRelay:
        chain = Chain(wire)
        admission = IntentAdmission(chain, consortium.network.chain_id, consortium.network.registries(chain))
        return IntentRelay(database, chain, admission, lambda: account, Leases(database))

    return make


@pytest.fixture
def signed(consortium: Consortium) -> Iterator[SignedIntent]:
    yield suspension(consortium)
    registry, actor = consortium.registries.issuer, consortium.account("cn.maritime")
    if registry.issuer_entries("cn.carrier")[-1].code == IssuerState.SUSPENDED:
        consortium.submit(actor, registry.reinstate_issuer("cn.carrier"))


def suspension(consortium: Consortium, reason: int = 1, subject: str = "cn.carrier") -> SignedIntent:
    registry, actor, word = consortium.registries.issuer, consortium.account("cn.maritime"), to_bytes32(subject)
    nonce = next_nonce(registry.contract, actor.address, word)
    terms = {"chain_id": consortium.chain.chain_id, "subject": word, "nonce": nonce, "deadline": FAR}
    return sign_intent(actor, registry.suspend_issuer("cn.carrier", reason), **terms)  # type: ignore[arg-type]


def is_suspended(consortium: Consortium) -> bool:
    return consortium.registries.issuer.issuer_entries("cn.carrier")[-1].code == IssuerState.SUSPENDED


def test_the_node_goes_away_as_it_is_sent(consortium: Consortium, wire: Wire, made: Made, signed: SignedIntent) -> None:
    wire.down = {"eth_sendRawTransaction", "eth_getTransactionReceipt"}
    assert made().relay(signed).state == "waiting"
    wire.down = set()
    later = made()
    later.follow()
    assert later.find(signed.intent.digest()).state == "mined"
    assert len(wire.sent) == 1
    assert is_suspended(consortium)


def test_what_is_asked_of_the_chain_before_is_asked_in_vain(wire: Wire, made: Made, signed: SignedIntent) -> None:
    for method in ("eth_call", "eth_estimateGas", "eth_getTransactionCount"):
        wire.down = {method}
        with pytest.raises(Unavailable):
            made().relay(signed)
        with pytest.raises(Refused, match="relayed no such intent"):
            made().find(signed.intent.digest())
    wire.down = set()
    assert made().relay(signed).state == "mined"


def test_the_chains_node_forgot_it(wire: Wire, made: Made, signed: SignedIntent, monkeypatch: Any) -> None:
    """It took the transaction, and was then started anew with an empty pool."""
    with monkeypatch.context() as forgetting:
        forgetting.setattr(Chain, "send", lambda self, raw: bytes(32))
        wire.down = {"eth_getTransactionReceipt"}
        relay = made()
        assert relay.relay(signed).state == "waiting"
    wire.down = set()
    assert relay.follow() == 1
    assert relay.follow() == 0
    assert relay.find(signed.intent.digest()).state == "mined"


def test_another_process_used_the_accounts_nonce(
    consortium: Consortium, wire: Wire, made: Made, signed: SignedIntent, account: Account
) -> None:
    wire.down = {"eth_sendRawTransaction"}
    relay = made()
    first = relay.relay(signed)
    wire.down = set()
    submit(consortium.chain, account, NOTHING)
    relay.follow()
    assert relay.find(signed.intent.digest()) == first, "not of the newest block: its receipts may not be seen yet"
    consortium.embedded.mine()
    relay.follow()
    told = relay.find(signed.intent.digest())
    assert (told.state, told.transaction_hash == first.transaction_hash) == ("mined", False)
    assert is_suspended(consortium)


def test_another_node_relayed_it_first(
    consortium: Consortium, wire: Wire, made: Made, signed: SignedIntent, account: Account
) -> None:
    """Ours is mined without effect, and said so; the account's next one is not held up."""
    wire.down = {"eth_sendRawTransaction"}
    relay = made()
    relay.relay(signed)
    submit(consortium.chain, Account.generate(), signed.relay())
    wire.down = set()
    relay.follow()
    told = relay.find(signed.intent.digest())
    assert told.state == "refused"
    assert told.error is not None
    assert told.error.code == "contract.IntentNonceInvalid"
    assert told.block is not None
    assert len(consortium.registries.issuer.issuer_entries("cn.carrier")) % 2 == 0, "suspended once"
    consortium.submit(consortium.account("cn.maritime"), consortium.registries.issuer.reinstate_issuer("cn.carrier"))
    assert relay.relay(suspension(consortium, subject="another")).state == "mined"


def test_overtaken_and_void_meanwhile(
    consortium: Consortium, wire: Wire, made: Made, signed: SignedIntent, account: Account
) -> None:
    wire.down = {"eth_sendRawTransaction"}
    relay = made()
    relay.relay(signed)
    submit(consortium.chain, account, NOTHING)
    submit(consortium.chain, Account.generate(), signed.relay())
    wire.down = set()
    relay.follow()
    told = relay.find(signed.intent.digest())
    assert told.error is not None
    assert (told.state, told.error.code, told.block) == ("refused", "intent.nonce-used", None)


def test_what_was_refused_may_be_tried_again(consortium: Consortium, wire: Wire, made: Made) -> None:
    """Refused by the chain it has used no nonce: once the obstacle is gone, it goes."""
    registry, actor = consortium.registries.issuer, consortium.account("cn.maritime")
    wire.down = {"eth_sendRawTransaction"}
    relay, intent = made(), suspension(consortium)
    relay.relay(intent)
    consortium.submit(actor, registry.suspend_issuer("cn.carrier", 9))
    wire.down = set()
    relay.follow()
    told = relay.find(intent.intent.digest())
    assert told.error is not None
    assert (told.state, told.error.code) == ("refused", "contract.IssuerRegistryIssuerSuspended")
    assert code_of(relay.relay, intent) == "contract.IssuerRegistryIssuerSuspended"
    consortium.submit(actor, registry.reinstate_issuer("cn.carrier"))
    assert relay.relay(intent).state == "mined"
    consortium.submit(actor, registry.reinstate_issuer("cn.carrier"))


def test_its_block_is_replaced(wire: Wire, made: Made, signed: SignedIntent) -> None:
    relay = made()
    relay.relay(signed)
    assert relay.find(signed.intent.digest()).state == "mined"
    wire.unknown = {"eth_getTransactionReceipt"}
    assert relay.find(signed.intent.digest()).state == "waiting"
    wire.unknown = set()
    relay.follow()
    assert relay.find(signed.intent.digest()).state == "mined"


def test_a_state_told_too_early_is_put_right(wire: Wire, made: Made, signed: SignedIntent, database: Database) -> None:
    """A node of the chain that lags may let it look overtaken; the receipt says what happened."""
    relay = made()
    relay.relay(signed)
    with database.write() as session:
        row = session.get_one(RelayRow, signed.intent.digest())
        row.state, row.block_number, row.code, row.detail = "refused", None, "intent.nonce-used", "?"
    told = relay.find(signed.intent.digest())
    assert (told.state, told.error) == ("mined", None)


def test_what_no_node_takes_is_given_up(
    consortium: Consortium, wire: Wire, made: Made, signed: SignedIntent, account: Account, monkeypatch: Any
) -> None:
    def refuse(self: Chain, raw: bytes) -> bytes:
        raise Refused("chain.gas", "too much", mend="send less")

    relay = made()
    with monkeypatch.context() as refusing:
        refusing.setattr(Chain, "send", refuse)
        assert code_of(relay.relay, signed) == "chain.gas"
    assert relay.follow() == 0
    assert relay.find(signed.intent.digest()).state == "refused"
    assert relay.relay(signed).state == "mined"
    assert consortium.chain.nonce(account.address) == 1


def test_the_thread_follows_and_ends(wire: Wire, made: Made, signed: SignedIntent) -> None:
    wire.down = {"eth_sendRawTransaction"}
    relay = made()
    relay.relay(signed)
    wire.down = set()
    relay.start()
    try:
        deadline = time.monotonic() + 60
        while relay.waiting():
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        relay.stop()
    assert relay.find(signed.intent.digest()).state == "mined"
