"""A consortium founded once on a chain; each journey gets a copy of the node's folder as it was then."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from api.demonstration.establishing import Established, establish_home
from api.home import Home
from tests.demonstration_node import copy_of_founded
from tests.flows.grounds import Ground
from tests.flows.journey import Journey, travel
from tests.servers.kubo_daemon import Kubo


@dataclass(frozen=True)
class Founded:
    """The folder of a node that has never run, and its consortium."""

    ground: Ground
    home: Path
    established: Established

    def travel(self, directory: Path, *, kubo: bool) -> Journey:
        """Go the whole way with a copy of the folder, in an empty directory."""
        home = directory / "home"
        shutil.copytree(self.home, home)
        if not kubo:
            return travel(home, self.established, self.ground, None)
        with Kubo(directory / "kubo") as daemon:
            return travel(home, self.established, self.ground, daemon)


def founded_on(ground: Ground, home: Path) -> Founded:
    """Found the demonstration consortium on a chain."""
    if not ground.rpc:
        return Founded(ground, home, copy_of_founded(home))
    return Founded(ground, home, establish_home(Home(home), rpc=ground.rpc, finality=ground.finality))
