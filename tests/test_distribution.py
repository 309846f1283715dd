"""The package names are generic: nothing else in this environment may provide them (docs/adr/0001)."""

from importlib.metadata import packages_distributions

import pytest


@pytest.mark.parametrize("package", ["contracts", "ledger", "anchors", "verifier", "api"])
def test_only_portseal_provides_the_package(package: str) -> None:
    # An editable installation lists no packages of its own, so an absent name is as good as our own.
    assert set(packages_distributions().get(package, ["portseal"])) == {"portseal"}
