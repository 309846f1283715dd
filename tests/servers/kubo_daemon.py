"""Kubo: one IPFS node of a private swarm that never leaves the loopback address and knows nobody."""

import base64
import json
import secrets
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.servers.binaries import find
from tests.servers.ports import Port
from tests.servers.server_process import ServerFault, ServerProcess


class Kubo:
    """A repository in `directory`, kept over stop and start. `api` is its address, the same after each start."""

    def __init__(self, directory: Path) -> None:
        self._program = find("kubo")
        directory.mkdir(parents=True, exist_ok=True)
        self._repository = directory / "repository"
        self._api, self._gateway = Port(), Port()
        self.api = f"http://127.0.0.1:{self._api}"
        self.process = ServerProcess("Kubo", directory / "kubo.log")
        self._env = {
            "IPFS_PATH": str(self._repository),
            "LIBP2P_FORCE_PNET": "1",
            "IPFS_TELEMETRY": "off",
            "DO_NOT_TRACK": "1",
        }
        if not self._repository.exists():
            self._create(directory / "kubo.log")

    @property
    def blocks(self) -> Path:
        """The folder with a file for each block (flatfs)."""
        return self._repository / "blocks"

    def block_file(self, cid: str) -> Path:
        """Return the file of a block; `cid` is a CID of version 1 in base32, its codec raw or dag-pb."""
        raw = base64.b32decode(cid[1:].upper() + "=" * (-len(cid[1:]) % 8))
        key = base64.b32encode(raw[2:]).decode().rstrip("=")  # the multihash, without version and codec
        return self.blocks / key[-3:-1] / f"{key}.data"

    def start(self) -> None:
        """Start, or go on with what is in the repository. Raises ServerFault."""
        command = [self._program, "daemon", "--offline", "--migrate=false", "--enable-gc=false"]
        self.process.start(command, self._answers, self._env)

    def stop(self) -> None:
        """Stop; the blocks stay on disk."""
        self.process.stop()

    def _answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        request = urllib.request.Request(f"{self.api}/api/v0/version", b"")
        try:
            with opener.open(request, timeout=10) as response:
                return str(json.load(response)["Version"]).startswith("0.")
        except urllib.error.HTTPError as error:
            error.close()  # it holds the connection
            return False

    def _create(self, log: Path) -> None:
        command = [self._program, "init", "--profile=test"]
        with log.open("ab") as output:
            done = subprocess.run(
                command, env=self._env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
            )
        if done.returncode:
            raise ServerFault(f"ipfs init ended with {done.returncode}: see {log}")
        key = self._repository / "swarm.key"
        key.touch(mode=0o600)
        key.write_text(f"/key/swarm/psk/1.0.0/\n/base16/\n{secrets.token_hex(32)}\n")
        config = self._repository / "config"
        config.write_text(json.dumps(self._settings(json.loads(config.read_text()))))

    def _settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings with our ports, every read hashed again, and nothing that looks or calls outside."""
        settings["Addresses"]["API"] = f"/ip4/127.0.0.1/tcp/{self._api}"
        settings["Addresses"]["Gateway"] = f"/ip4/127.0.0.1/tcp/{self._gateway}"
        settings["Datastore"]["HashOnRead"] = True
        settings["Datastore"]["BlockKeyCacheSize"] = 0  # what Kubo believes to have, it would not write again
        settings["Datastore"]["Spec"]["mounts"][0]["sync"] = True
        settings["Gateway"]["NoFetch"] = True
        settings["Routing"]["Type"] = "none"
        settings["Provide"] = {"Enabled": False}
        settings["AutoNAT"] = {"ServiceMode": "disabled"}
        settings["Version"] = {"SwarmCheckEnabled": False}
        settings["Plugins"] = {"Plugins": {"telemetry": {"Config": {"Mode": "off"}}}}
        return settings

    def __enter__(self) -> "Kubo":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._api.close()
        self._gateway.close()
