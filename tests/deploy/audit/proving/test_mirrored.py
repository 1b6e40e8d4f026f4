"""`audit verify` of a deployment whose logs Reporting has cosigned, or disputes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from deploy.directory import definition_of
from services.reporting.collecting import bring
from services.reporting.definition import open_mirror
from services.reporting.mirror import mirrored
from shared.eventlog import Ledger
from shared.eventlog.tiles import Tile
from shared.messaging.signed_logs import LocalLogs
from shared.provinces import load_provinces
from shared.runtime import open_ledger
from shared.settings import SERVICES
from shared.store import Store
from tests.deploy.audit.deployed import Deployed
from tests.deploy.audit.tampering import INTAKE


@contextmanager
def opened(deployed: Deployed) -> Iterator[dict[str, Ledger]]:
    settings = deployed.settings
    with ExitStack() as stack:
        stores = {name: Store(settings.database_url(name)) for name in SERVICES}
        for store in stores.values():
            stack.callback(store.close)
        yield {
            name: open_ledger(
                definition_of(name), settings, store, sorted(load_provinces(settings.provinces))
            )
            for name, store in stores.items()
        }


class Older(LocalLogs):
    """Logs of which only the first third is shown, as after a roll-back."""

    def checkpoint(self, origin: str) -> bytes | None:
        return self._signed(origin).at_least(1).note

    def tile(self, origin: str, tile: Tile) -> bytes | None:
        return None


def cosign(deployed: Deployed, kind: type[LocalLogs] = LocalLogs) -> str:
    """Let the mirror look at all logs; return the key that it cosigned with."""
    with opened(deployed) as ledgers:
        store = ledgers["reporting"].store
        bring(store, {name: kind(ledgers[name]) for name in SERVICES[:3]})
        open_mirror(store, deployed.settings)()
        (key,) = {log.cosigned.by for log in mirrored(store) if log.cosigned}
        return key


@pytest.fixture
def deployed(clean: Deployed, tmp_path: Path) -> Deployed:
    return clean.copied(tmp_path / "data")


def test_every_log_that_is_copied_is_cosigned_and_verify_counts_it(deployed: Deployed) -> None:
    key = cosign(deployed)
    ended = deployed.audit("verify", "--witness", key, "--json")
    logs = {log["origin"]: log for log in ended.json["logs"] if log["size"]}
    copied = [log for origin, log in logs.items() if not origin.endswith("/reporting")]
    assert copied
    assert {tuple(log["witnesses"]) for log in copied} == {(key.split("+")[0],)}
    lacking = {each["origin"].split("/")[-1] for each in ended.json["findings"]}
    assert lacking <= {"reporting"}  # nobody is a witness of its own log
    assert deployed.audit("fsck").status == 0


def test_a_roll_back_that_the_mirror_saw_is_told_by_verify(deployed: Deployed) -> None:
    cosign(deployed)
    cosign(deployed, Older)
    ended = deployed.audit("verify", "--json")
    disputed = [each for each in ended.json["findings"] if each["code"] == "proof.disputed"]
    assert INTAKE in {each["origin"] for each in disputed}
    assert ended.status == 2
