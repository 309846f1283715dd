"""`portseal deploy` on anvil and on geth: addresses follow from the account there too, nothing is made twice."""

from pathlib import Path

import pytest

from ledger.chain import Chain
from ledger.creation import creations
from ledger.founding import Founding
from ledger.network import Network
from tests.api.test_deploying import COUNTRIES, Deployer
from tests.servers.anvil import Anvil
from tests.servers.clique import CliqueNetwork

pytestmark = pytest.mark.slow


def test_on_anvil(anvil: Anvil, tmp_path: Path) -> None:
    _deploys_once(Deployer(tmp_path, anvil.rpc, Chain.http(anvil.rpc)))


def test_on_geth(clique: CliqueNetwork, tmp_path: Path) -> None:
    (tmp_path / "finality.json").write_text(_clique_form(clique))
    deployer = Deployer(tmp_path, clique.rpc[0], Chain.http(clique.rpc[0]))
    _deploys_once(deployer, "--rpc", clique.rpc[1], "--finality", str(tmp_path / "finality.json"))
    network = Network.read(deployer.out)
    assert (network.rpc, network.finality.name) == (tuple(clique.rpc[:2]), "clique")


def _clique_form(clique: CliqueNetwork) -> str:
    signers = ", ".join(f'"{signer}"' for signer in clique.signers)
    return f'{{"form": "clique", "signers": [{signers}]}}'


def _deploys_once(deployer: Deployer, *more: str) -> None:
    """The first transaction is there from a run that was cut off; then it goes on, and then again without the file."""
    founding = Founding.read(deployer.folder / "founders.json")
    planned = creations(deployer.account, founding.founders, founding.quorum, deployer.chain.chain_id)
    deployer.chain.send(planned[0].signed.raw)
    assert deployer.deploy(*more) == 0
    network, written = Network.read(deployer.out), deployer.out.read_bytes()
    assert [one.address for one in network.contracts.values()] == [one.address for one in planned]
    assert network.registries(deployer.chain).authority.members() == COUNTRIES
    assert deployer.deploy(*more) == 0
    deployer.out.unlink()
    assert deployer.deploy(*more) == 0
    assert (deployer.out.read_bytes(), deployer.sent()) == (written, 5)
    deployer.chain.close()
