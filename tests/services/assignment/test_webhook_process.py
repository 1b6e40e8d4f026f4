"""The dispatch as it runs in production: a green process, killed without a warning."""

import os
import random
import sys
import time
from pathlib import Path

import pytest

from services.assignment.webhook_signature import secret_text
from shared.eventlog import Ledger
from tests.architecture.tree import ROOT
from tests.servers.child import Child
from tests.services.assignment.hooks import register, state
from tests.services.assignment.receiver import Received, receiving, write_certificate
from tests.services.assignment.test_feed_relay import issue, until

pytestmark = pytest.mark.parametrize("ledger", ["postgresql"], indirect=True)

ONE, OTHER = "ubnd-ba-dinh", "tnmt-ba-dinh"
LAST = 90
SEED = 20_190_520


def started(ledger: Ledger, log: Path, **environment: str) -> Child:
    url = ledger.store.engine.url.render_as_string(hide_password=False)
    child = Child(
        [sys.executable, "-m", "tests.services.assignment.dispatching", url],
        environment={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        log=log,
    )
    until(lambda: "ready\n" in log.read_text() or not child.alive, timeout_s=60)
    assert child.alive, child.last_words()
    return child


def test_whenever_it_is_killed_nothing_is_lost_and_at_most_one_entry_is_repeated(
    ledger: Ledger, tmp_path: Path
) -> None:
    dice = random.Random(SEED)
    issue(ledger, ONE, LAST)
    log = tmp_path / "dispatch.log"
    kills = 0
    with receiving() as receiver:

        def answer(_received: Received) -> int:
            time.sleep(0.02)
            return 200

        receiver.answer = answer
        register(ledger, ONE, receiver.url)
        while state(ledger, ONE).delivered_seq < LAST:
            log.write_text("")
            with started(ledger, log) as child:
                target = min(LAST, len(set(receiver.taken)) + dice.randint(20, 40))
                until(lambda at=target: len(set(receiver.taken)) >= at, timeout_s=40)  # type: ignore[misc]
                time.sleep(dice.uniform(0, 0.03))
                child.kill9()
                kills += 1
    assert kills >= 3
    assert sorted(set(receiver.taken)) == list(range(1, LAST + 1))
    assert receiver.taken == sorted(receiver.taken)  # a repeat, and never a step back
    assert len(receiver.taken) - LAST <= kills


def test_slow_receivers_do_not_stall_the_process_and_tls_is_verified_in_it(
    ledger: Ledger, tmp_path: Path
) -> None:
    log = tmp_path / "dispatch.log"
    certificate = write_certificate(tmp_path / "one.pem", "localhost")
    with receiving(certificate=certificate) as slow, receiving(certificate=certificate) as quick:

        def slowly(_received: Received) -> int:
            time.sleep(4)
            return 200

        slow.answer = slowly
        key = register(ledger, ONE, slow.url)
        register(ledger, OTHER, quick.url)
        register(ledger, "stnmt-ha-noi", quick.url.replace("localhost", "127.0.0.1"))
        for agency in (ONE, OTHER, "stnmt-ha-noi"):
            issue(ledger, agency, 2)
        with started(ledger, log, SSL_CERT_FILE=str(certificate)) as child:
            until(lambda: quick.numbers() == [1, 2])
            assert slow.taken == []
            until(lambda: state(ledger, ONE).delivered_seq == 1)
            child.stop()
            said = log.read_text()
    assert state(ledger, OTHER).delivered_seq == 2
    assert state(ledger, "stnmt-ha-noi").held_code == "webhook.tls_failed"
    assert float(said.splitlines()[-1]) < 2
    assert key is not None
    for word in (secret_text(key), key.hex(), "bi-mat", "/hook"):
        assert word not in said
