"""README's consortium of two, as it is written there: every command of the section, on anvil, to a VALID verdict."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.faults.node_process import free_port
from tests.faults.plain_environment import plain_environment
from tests.servers.anvil import Anvil

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
ROOT = Path(__file__).parents[2]
SERVE = "portseal serve --home my-node &"
READY = """{serve} --port {port} > serve.log 2>&1 &
echo $! > serve.pid; export PORTSEAL_NODE=http://127.0.0.1:{port}
for _ in $(seq 300); do portseal member proposals > /dev/null 2>&1 && break; sleep 0.2; done"""


def written() -> str:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## A consortium of your own")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))


def test_it_is_founded_and_verifies_as_written(anvil: Anvil, tmp_path: Path) -> None:
    commands, port = written(), free_port()
    assert SERVE in commands
    waiting = READY.format(serve=SERVE.removesuffix(" &"), port=port)
    changed = commands.replace(SERVE, waiting).replace("http://127.0.0.1:8545", anvil.rpc)
    changed = changed.replace("/tmp/portseal-own", str(tmp_path / "own"))
    environment = {**plain_environment(), "PATH": os.environ["PATH"]}
    try:
        ended = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", changed],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=800,
            check=False,
        )
    finally:
        pid = tmp_path / "own" / "serve.pid"
        if pid.exists():
            os.kill(int(pid.read_text()), signal.SIGTERM)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    for expected in ("authentic  VALID", "usable     ACTIVE", "checkpoint, 2/2: MY, TH", "exit code 0"):
        assert expected in ended.stdout
