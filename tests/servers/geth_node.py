"""One geth that signs blocks of a Clique chain, on the loopback address only."""

import secrets
import subprocess
from collections.abc import Sequence
from pathlib import Path

from eth_keys import keys

from ledger.account import Account, write_account
from tests.servers.ports import Port
from tests.servers.rpc import ask
from tests.servers.server_process import ServerFault, ServerProcess

BLOCK_GAS = 1 << 40
"""As on the embedded chain: a block that used more than half would raise the base fee above zero for good."""

_QUICK = 2  # scrypt's work factor: the key is worth nothing and geth opens the file at each start
_REDIAL = 5.0


class GethNode:
    """A node, its keys and data in `directory`. `rpc` is its address, the same after each start."""

    def __init__(self, program: Path, directory: Path, chain_id: int, signer: Account) -> None:
        self._program = program
        self._directory = directory
        self._chain_id = chain_id
        self._signer = signer
        self._nobody = Account.generate()  # signs no block: it is not in the genesis
        self._http, self._p2p, self._auth = Port(), Port(), Port()
        self.rpc = f"http://127.0.0.1:{self._http}"
        self.process = ServerProcess(f"geth ({directory.name})", directory / "geth.log")
        directory.mkdir(parents=True)

    def create(self, genesis: Path) -> None:
        """Write the node's keys and block 0. Raises ServerFault."""
        key = keys.PrivateKey(secrets.token_bytes(32))
        self._enode = f"enode://{key.public_key.to_bytes().hex()}@127.0.0.1:{self._p2p}?discport=0"
        passphrase = secrets.token_hex(16)
        _write_secret(self._directory / "passphrase", passphrase)
        _write_secret(self._directory / "nodekey", key.to_bytes().hex())
        (self._directory / "keystore").mkdir()
        for name, account in (("signer", self._signer), ("nobody", self._nobody)):
            write_account(self._directory / f"keystore/{name}.json", account, passphrase, scrypt_n=_QUICK)
        command = [self._program, *self._places(), "init", genesis]
        with self.process.log.open("ab") as log:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
        if done.returncode:
            raise ServerFault(f"geth init ended with {done.returncode}: see {self.process.log}")

    def start(self) -> None:
        """Start, without signing yet. Raises ServerFault."""
        self.process.start(self._command(), lambda: self.height() >= 0)
        # geth takes no price of zero from its command line, only here. It then also takes what others send it.
        ask(self.rpc, "miner_setGasPrice", "0x0")
        self._listen()

    def _listen(self) -> None:
        """Let it take the blocks of others before it makes its own.

        Until the first `miner_start` geth throws away the blocks that others announce. A node that began to sign a
        moment after another's block would then sign a rival of it; three such rivals, and the chain stands still.
        """
        # A block that differs from the signer's own: geth does not try again to seal one that it could not.
        ask(self.rpc, "miner_setExtra", "nobody")
        ask(self.rpc, "miner_setEtherbase", self._nobody.address)
        ask(self.rpc, "miner_start")
        self.process.wait_until(lambda: bool(ask(self.rpc, "eth_mining")))
        ask(self.rpc, "miner_stop")
        self.process.wait_until(lambda: not ask(self.rpc, "eth_mining"))
        ask(self.rpc, "miner_setEtherbase", self._signer.address)
        ask(self.rpc, "miner_setExtra", "")

    def join(self, others: Sequence["GethNode"]) -> None:
        """Connect to the others and wait until it is done. Raises ServerFault."""
        # One side only dials: two who dial each other at once may both hang up.
        for other in others:
            ask(self.rpc, "admin_addPeer", other._enode)
        try:
            self.process.wait_until(lambda: self.peers() >= len(others), _REDIAL)
        except ServerFault:
            # geth does not dial the same node again within 35 seconds; the other side has not tried yet.
            for other in others:
                ask(other.rpc, "admin_addPeer", self._enode)
            self.process.wait_until(lambda: self.peers() >= len(others))

    def sign(self) -> None:
        """Begin to sign blocks."""
        ask(self.rpc, "miner_start")

    def rest(self) -> None:
        """Sign no more blocks."""
        ask(self.rpc, "miner_stop")

    def head(self) -> str:
        """Return the hash of the newest block."""
        return str(ask(self.rpc, "eth_getBlockByNumber", "latest", False)["hash"])

    def height(self) -> int:
        """Return the number of the newest block."""
        return int(ask(self.rpc, "eth_blockNumber"), 16)

    def peers(self) -> int:
        """Return how many nodes it is connected to."""
        return int(ask(self.rpc, "net_peerCount"), 16)

    def close(self) -> None:
        """Give the ports back."""
        for port in (self._http, self._p2p, self._auth):
            port.close()

    def _places(self) -> list[str | Path]:
        return ["--datadir", self._directory / "data", "--keystore", self._directory / "keystore"]

    def _command(self) -> list[str | Path]:
        options = {
            "--networkid": self._chain_id,
            "--syncmode": "full",
            "--gcmode": "archive",
            "--state.scheme": "hash",
            "--cache": 64,
            "--port": self._p2p,
            "--nat": "none",
            "--netrestrict": "127.0.0.0/8",
            "--nodekey": self._directory / "nodekey",
            "--http.addr": "127.0.0.1",
            "--http.port": self._http,
            "--http.api": "eth,net,web3,admin,miner,txpool,clique",
            "--authrpc.addr": "127.0.0.1",
            "--authrpc.port": self._auth,
            "--unlock": self._signer.address,
            "--password": self._directory / "passphrase",
            "--miner.etherbase": self._signer.address,
            "--miner.gaslimit": BLOCK_GAS,
            "--txpool.journal": "",
        }
        named = [str(part) for option in options.items() for part in option]
        flags = ["--nodiscover", "--http", "--ipcdisable", "--allow-insecure-unlock", "--snapshot=false"]
        return [self._program, *self._places(), *named, *flags]


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
