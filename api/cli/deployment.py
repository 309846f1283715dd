"""What `portseal deploy` does: check the network file that is there, or deploy what is missing and write it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from api.finality_option import finality_of
from ledger.account import Account, read_account
from ledger.chain import Chain
from ledger.deployment import deploy
from ledger.errors import Invalid, Refused
from ledger.finality.form import Form
from ledger.founding import Founding
from ledger.network import Network


def deployed(
    out: Path,
    founders: Path,
    rpc: Sequence[str],
    name: str,
    finality: str,
    keystore: Path | None,
    passphrase: Callable[[], str],
) -> Network:
    """Return the network; its file is written last, whole. Raises as `deploy`; Refused `deployment.other-form`."""
    founding, form = Founding.read(founders), finality_of(finality)
    chain = Chain.http(rpc[0])
    try:
        if out.exists():
            return _checked(Network.read(out), chain, form)
        account = _account(keystore, passphrase)
        network = deploy(chain, account, founding.founders, founding.quorum, name=name, rpc=rpc, finality=form)
        network.write(out)
        return network
    finally:
        chain.close()


def _checked(network: Network, chain: Chain, form: Form) -> Network:
    network.check(chain)
    if network.finality != form:
        detail = "the network file is there, with another form of finality"
        mend = "give the form that the file has; to change it, the consortium publishes a new file"
        raise Refused("deployment.other-form", detail, mend=mend)
    return network


def _account(keystore: Path | None, passphrase: Callable[[], str]) -> Account:
    if keystore is None:
        raise Invalid(
            "deployment.account",
            "there is no network file yet, and no deployer account was given",
            mend="make one with `portseal keys account`, and name its keystore with --account",
        )
    return read_account(keystore, passphrase())
