"""Two API processes and two workers, on both databases: one acceptance and one anchor for each document, whoever asks.

PORTSEAL_LONG=1 sends 1,000 documents from each of 64 threads; otherwise a sample.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from api.demonstration.samples import sample
from ledger.envelope import issue
from ledger.kinds import kind
from tests.databases import BOTH, addresses
from tests.faults.cluster import Cluster, running_cluster
from tests.long import long_or

THREADS = 64
DOCUMENTS = long_or(1000, 24)
GROUP = long_or(250, 8)
CARRIER = "cn.eastern-meridian"
BILL = kind("bill-of-lading")
PATIENCE = long_or(1800, 120)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(long_or(4800, 600))]


@pytest.fixture(scope="module", params=BOTH)
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    home = tmp_path_factory.mktemp("cluster") / "home"
    with running_cluster(home, addresses(request, request.param)) as cluster:
        yield cluster


@dataclass(frozen=True)
class Answers:
    """What all threads were told: each line of each answer."""

    lines: list[dict[str, Any]]
    seconds: float

    @property
    def digests(self) -> set[str]:
        return {line["digest"] for line in self.lines}


def bill(cluster: Cluster, number: int) -> str:
    document = sample("bill-of-lading") | {"transportDocumentReference": f"SEV{number:09d}"}
    key = cluster.established.keys.issuer_keys[CARRIER]
    return issue(document, BILL, CARRIER, key, iat=int(time.time())).serialize()


def send(cluster: Cluster, thread: int, bills: Sequence[str]) -> list[dict[str, Any]]:
    """Send them all, in an order of one's own, every group to the other process; a line that is put off goes again."""
    left, lines = list(bills), []
    random.Random(thread).shuffle(left)
    addresses = [cluster.first.address, cluster.second.address]
    headers = {
        "Authorization": f"Bearer {cluster.established.tenants[CARRIER].api_key}",
        "Content-Type": "application/x-ndjson",
    }
    with httpx.Client(timeout=PATIENCE, trust_env=False, headers=headers) as http:
        for turn in range(thread, thread + 100 * len(left)):
            group, left = left[:GROUP], left[GROUP:]
            if not group:
                return lines
            body = "\n".join(json.dumps({"envelope": one}) for one in group)
            answer = http.post(f"{addresses[turn % 2]}/v1/documents", content=body)
            assert answer.status_code in (202, 503), answer.text
            if answer.status_code == 503:
                time.sleep(int(answer.headers.get("Retry-After", "1")))
                left += group
                continue
            for one, line in zip(group, map(json.loads, answer.text.splitlines()), strict=True):
                if line.get("status", 202) == 503:
                    left.append(one)
                else:
                    lines.append(line)
    raise AssertionError("it was put off again and again")


def await_final(cluster: Cluster, digests: set[str]) -> None:
    deadline, left = time.monotonic() + PATIENCE, set(digests)
    with httpx.Client(base_url=cluster.second.address, timeout=60, trust_env=False) as http:
        while left:
            left = {digest for digest in left if http.get(f"/v1/documents/{digest}").json()["state"] != "final"}
            assert time.monotonic() < deadline, f"{len(left)} documents are not final"
            time.sleep(0.5 if left else 0)


@pytest.fixture(scope="module")
def answers(cluster: Cluster) -> Answers:
    """The same documents, sent by all threads, over both processes."""
    bills = [bill(cluster, number) for number in range(DOCUMENTS)]
    began = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        told = list(pool.map(lambda thread: send(cluster, thread, bills), range(THREADS)))
    seconds = time.monotonic() - began
    lines = [line for one in told for line in one]
    print(f"{THREADS} threads x {DOCUMENTS} documents: {len(lines)} answers in {seconds:.1f} s")
    return Answers(lines, seconds)


def test_every_thread_is_told_of_the_one_acceptance(answers: Answers) -> None:
    assert all(line.get("status", 202) == 202 for line in answers.lines), answers.lines[:3]
    assert Counter(line["digest"] for line in answers.lines) == dict.fromkeys(answers.digests, THREADS)
    assert len(answers.digests) == DOCUMENTS
    new = Counter(line["digest"] for line in answers.lines if not line["repeated"])
    assert new == dict.fromkeys(answers.digests, 1)
    receipts = {(line["digest"], line["receipt"], line["anchored_by"]) for line in answers.lines}
    assert len(receipts) == DOCUMENTS


def test_each_is_anchored_once(cluster: Cluster, answers: Answers) -> None:
    await_final(cluster, answers.digests)
    leaves = cluster.leaves()
    assert {digest: leaves[digest] for digest in answers.digests} == dict.fromkeys(answers.digests, 1)
    assert set(leaves.values()) == {1}


def test_two_workers_with_one_account_leave_no_gap_and_no_nonce_twice(cluster: Cluster, answers: Answers) -> None:
    nonces, following = cluster.nonces()
    assert nonces == list(range(nonces[0], nonces[0] + len(nonces)))
    assert following == nonces[-1] + 1
    print(f"{len(nonces)} transactions")


def test_statuses_by_both_processes_at_once(cluster: Cluster, answers: Answers) -> None:
    """Each is written with the issuer's one account, which the node keeps."""
    digests = sorted(answers.digests)[:8]
    headers = {"Authorization": f"Bearer {cluster.established.tenants[CARRIER].api_key}"}
    addresses = [cluster.first.address, cluster.second.address]

    def revoke(place: int) -> httpx.Response:
        url = f"{addresses[place % 2]}/v1/documents/{digests[place]}/status"
        return httpx.post(url, json={"status": "revoked"}, headers=headers, timeout=120, trust_env=False)

    with ThreadPoolExecutor(len(digests)) as pool:
        told = list(pool.map(revoke, range(len(digests))))
    assert [one.status_code for one in told] == [200] * len(digests), [one.text for one in told]


def test_a_worker_that_is_killed_holds_nobody_up_for_long(cluster: Cluster, answers: Answers) -> None:
    lines: list[dict[str, Any]] = []
    sending = threading.Thread(
        target=lambda: lines.extend(send(cluster, 1, [bill(cluster, 10_000_000 + number) for number in range(40)]))
    )
    sending.start()
    cluster.worker.kill()
    sending.join()
    await_final(cluster, {line["digest"] for line in lines})
    leaves = cluster.leaves()
    assert {leaves[line["digest"]] for line in lines} == {1}
    nonces, following = cluster.nonces()
    assert nonces == list(range(nonces[0], following))
    cluster.worker.join()


def test_asked_to_end_they_end_well_and_a_process_that_comes_back_goes_on(cluster: Cluster, answers: Answers) -> None:
    cluster.worker.await_said("Worker of")
    assert [process.stop() for process in cluster.processes] == [0, 0, 0]
    for process in cluster.processes:
        assert "Traceback" not in process.log(), process.log()
        assert "step broke" not in process.log()
    # The chain has another owner now, at another port; the worker learns that by itself.
    cluster.second.join()
    cluster.second.await_answering()
    cluster.worker.join()
    cluster.second.await_ready()
    cluster.second.stop()
    cluster.first.start()
    cluster.first.await_ready()
    lines = send_to(cluster, cluster.first.address, bill(cluster, 20_000_000))
    await_final_at(cluster.first.address, lines)


def send_to(cluster: Cluster, address: str, envelope: str) -> str:
    headers = {"Authorization": f"Bearer {cluster.established.tenants[CARRIER].api_key}"}
    answer = httpx.post(
        f"{address}/v1/documents", json={"envelope": envelope}, headers=headers, timeout=60, trust_env=False
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["digest"])


def await_final_at(address: str, digest: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while httpx.get(f"{address}/v1/documents/{digest}", timeout=60, trust_env=False).json()["state"] != "final":
        assert time.monotonic() < deadline
        time.sleep(0.2)
