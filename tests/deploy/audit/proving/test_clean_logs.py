"""Clean logs of every shape raise no alarm, whoever looks: `verify`, `fsck`, `log-dir`.

Sizes about a full tile, signed at random sizes, under keys that were rotated and retired, empty,
frozen and succeeded; whole, in copies, and by the key of the first day.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from deploy.audit.verdict import Verdict
from deploy.directory import definition_of
from shared.eventlog import Draft, Entry, EventLog, Ledger
from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.key_handover import KeyHandover
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.signing_keys import SigningKeys
from shared.projections import freezing
from shared.runtime import open_ledger
from shared.settings import SERVICES
from shared.store import Store
from tests.deploy.audit.deployed import Deployed, deploy, stories
from tests.deploy.audit.proving.logs import ORIGIN, SIGNER, Files, codes, verified
from tests.deploy.audit.story import Story
from tests.deploy.audit.tampering import keys_file, with_keys
from tests.shared.eventlog.handovers import forged

LARGE, SMALL, EMPTY = "ha-noi", "ha-nam", "ninh-binh"
STEP_MAX = 130
KEYS_MAX = 3


@contextmanager
def ledger_of(deployed: Deployed, service: str) -> Iterator[Ledger]:
    """Yield the logs of a service, one of which has nothing in it."""
    settings = deployed.settings
    store = Store(settings.database_url(service))
    try:
        yield open_ledger(definition_of(service), settings, store, [LARGE, SMALL, EMPTY])
    finally:
        store.close()


def append(log: EventLog, entries: list[Entry]) -> None:
    """Append what a story recorded, at the times that it says."""
    with log.store.write() as tx:
        for entry in entries:
            recorded = entry.recorded()
            now = datetime.fromisoformat(recorded.time)
            log.clock = lambda now=now: now  # type: ignore[misc]
            draft = Draft(
                id=recorded.event_id,
                stream=recorded.stream,
                event=recorded.event,
                actor=recorded.actor,
                occurred_at=recorded.occurred_at,
                correlation_id=recorded.correlation_id,
                references=entry.document.get("references"),
            )
            log.append(tx, [draft])


def grow(deployed: Deployed, story: Story, size: int, chance: random.Random) -> None:
    """Let Intake's log grow to `size` by chance steps, signed after each, its keys rotated."""
    with ledger_of(deployed, "intake") as ledger:
        log = ledger.log(LARGE)
        checkpointer = Checkpointer(ledger, deployed.settings.log_keys)
        keys = SigningKeys(deployed.settings.log_keys, log.origin)
        while (held := log.size()) < size:
            step = min(chance.randint(1, STEP_MAX), size - held)
            for number in range(step):
                story.receive(f"g-{held + number}")
            contents = story.logs["intake"].contents[-step:]
            append(log, [Entry(log.origin, 0, content) for content in contents])
            signers = keys.signers()
            with keys.held():
                if chance.random() < 0.5 and len(signers) < KEYS_MAX:
                    keys.add()
            checkpointer.turn(at_once=True)
            with keys.held():
                heirs = {each.old for each in keys.handovers()}
                old = [each.key for each in signers if each.key in heirs]
                if chance.random() < 0.3 and old:
                    keys.retire(chance.choice(old).key_id.hex())


def also_given(deployed: Deployed, province: str) -> None:
    """Give the auditor the keys of a province's logs, which had none on the first day."""
    origins = [log.origin for log in deployed.logs() if log.origin.split("/")[1] == province]
    signers = [SigningKeys(deployed.settings.log_keys, each).signers()[0] for each in origins]
    with keys_file(deployed).open("a", encoding="ascii") as file:
        file.writelines(f"{signer.key}\n" for signer in signers)


def freeze(deployed: Deployed) -> None:
    """Let the small province end in the large one, whose logs name theirs."""
    for service in SERVICES:
        with ledger_of(deployed, service) as ledger:
            checkpointer = Checkpointer(ledger, deployed.settings.log_keys)
            for province in (SMALL, EMPTY):
                origin = ledger.log(province).origin
                size = freezing.close(ledger, province=province, successor=LARGE)
                freezing.freeze(
                    ledger,
                    definition_of(service).follow,
                    province=province,
                    sizes={origin: size},
                    consumers={},
                )
                checkpointer.turn(at_once=True)
                freezing.name_predecessor(ledger, province=province, actor="admin")
            checkpointer.turn(at_once=True)
    also_given(deployed, EMPTY)


@pytest.mark.parametrize("is_frozen", [False, True], ids=["open", "frozen"])
@pytest.mark.parametrize("size", [255, 256, 257, 511, 512, 513])
def test_a_clean_deployment_of_any_shape_raises_no_alarm(
    tmp_path: Path, size: int, *, is_frozen: bool
) -> None:
    chance = random.Random(f"{size} {is_frozen}")
    folder = tmp_path / "data"
    folder.mkdir()
    told = stories(opinions=4)
    deployed = with_keys(deploy(folder, told, publishes=size % 2 == 0))
    grow(deployed, told[0], size, chance)
    if is_frozen:
        freeze(deployed)
    first_keys = ("--key", str(keys_file(deployed)))
    for arguments in (("verify",), ("verify", *first_keys), ("fsck",)):
        ended = deployed.audit(*arguments, "--json")
        assert (ended.json["findings"], ended.status) == ([], 0), arguments
    logs = {each["origin"]: each for each in deployed.audit("verify", "--json").json["logs"]}
    large = logs[f"test.local/{LARGE}/intake"]
    assert large["size"] == large["signed"] == large["proven"] == size + 2 * is_frozen
    out = deployed.exported(tmp_path / "out")
    for given in ((), first_keys):
        ended = deployed.audit("verify", "--from", str(out), *given, "--json")
        assert (ended.json["findings"], ended.status) == ([], 0)
    for origin in logs:
        if (log := out / origin).exists():
            for given in (("--key", str(log / "keys")), first_keys):
                ended = deployed.audit("log-dir", str(log), *given, "--json")
                assert (ended.json["findings"], ended.status) == ([], 0), origin


def test_a_folder_is_proven_by_yesterdays_key_through_what_it_handed_over(tmp_path: Path) -> None:
    origin = f"test.local/{LARGE}/intake"
    folder = tmp_path / "data"
    folder.mkdir()
    told = stories(opinions=4)
    deployed = with_keys(deploy(folder, told))
    yesterday = ("--key", str(keys_file(deployed)))
    with ledger_of(deployed, "intake") as ledger:
        log, keys = ledger.log(LARGE), SigningKeys(deployed.settings.log_keys, origin)
        checkpointer = Checkpointer(ledger, deployed.settings.log_keys)
        (old,) = keys.signers()
        with keys.held():
            keys.add()
        checkpointer.turn(at_once=True)
        with keys.held():
            keys.retire(old.key.key_id.hex())
        told[0].receive("after")
        append(log, [Entry(origin, 0, told[0].logs["intake"].contents[-1])])
        checkpointer.turn(at_once=True)
    exported = deployed.exported(tmp_path / "out") / origin
    assert not old.key.claims(Note.parse((exported / "checkpoint").read_bytes()).signatures[0])

    def status(*arguments: str) -> int:
        ended = deployed.audit(*arguments, *yesterday, "--json")
        assert (ended.json["findings"] == []) is (ended.status == 0)
        return ended.status

    assert status("log-dir", str(exported)) == status("verify", "--province", LARGE) == 0
    (exported / "cosigned").write_bytes((exported / "checkpoint").read_bytes())
    handovers = (exported / "handovers").read_bytes()
    (exported / "handovers").unlink()
    assert status("log-dir", str(exported)) == 2
    forger = Signer.generate(origin, KeyKind.LOG)
    (exported / "handovers").write_bytes(forged(old.key, forger).note.encode())
    assert status("log-dir", str(exported)) == 1
    (exported / "handovers").write_bytes(handovers)
    assert status("log-dir", str(exported)) == 0


def test_a_key_that_somebody_added_to_a_public_checkpoint_proves_no_rewritten_log(
    tmp_path: Path,
) -> None:
    forger = Signer.generate(ORIGIN, KeyKind.LOG)
    genuine = Files([b"1", b"2"])
    public = Note.parse(genuine.files["checkpoint"])
    folder = Files([b"1", b"2", b"forged"], signers=[forger]).written(tmp_path)
    (folder / "cosigned").write_bytes(
        public.also_signed([forger.sign(public.text, time_s=0)]).encode()
    )
    (folder / "keys").write_text(f"{SIGNER.key}\n{forger.key}\n")
    for handovers in (b"", KeyHandover.sign(forger, SIGNER.key).note.encode()):
        (folder / "handovers").write_bytes(handovers)
        result = verified(folder)
        assert ("proof.note_unsigned", None) in codes(result)
        assert result.findings.verdict is Verdict.CANNOT_TELL
    (folder / "handovers").write_bytes(forged(SIGNER.key, forger).note.encode())
    assert verified(folder).findings.verdict is Verdict.DISPROVEN


@pytest.mark.parametrize("seed", range(60))
def test_a_clean_folder_of_any_shape_raises_no_alarm(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    size = chance.choice([0, 1, 2, 255, 256, 257, 511, 512, 513, chance.randint(0, 1500)])
    entries = [chance.randbytes(chance.choice([0, 1, 2, 100, 3000])) for _ in range(size)]
    signers = [Signer.generate(ORIGIN, KeyKind.LOG) for _ in range(chance.randint(1, 5))]
    signers += [Signer.generate(f"w{n}", KeyKind.WITNESS) for n in range(chance.randint(0, 3))]
    folder = Files(entries, signers=signers).written(tmp_path)
    known = chance.choice([each for each in signers if each.key.kind is KeyKind.LOG])
    result = verified(folder, known)
    assert list(codes(result)) == []
    assert result.findings.verdict is Verdict.PROVEN
    assert result.logs[0].proven == size
