"""Our own logs are verified by every rule that they keep, and by all that was ever signed."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.audit.proving.entry_rules import EntryRules
from deploy.audit.proving.tlog_directory import DirectoryArchive
from deploy.audit.proving.trust import NoteReader, Trust
from deploy.audit.proving.verification import Verification
from deploy.audit.verdict import Verdict
from services.reporting.mirror import Dispute
from shared import wire
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.key_handover import KeyHandover
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.proof import Tree, leaf_hashes
from shared.eventlog.tiles import Tile
from shared.kernel.errors import AppError
from tests.deploy.audit.deployed import Deployed, deploy, stories, tell
from tests.deploy.audit.proving.logs import Files
from tests.deploy.audit.story import Story
from tests.deploy.audit.tampering import INTAKE, keys_file
from tests.shared.eventlog.handovers import forged

WITNESS = Signer.generate("nhan-chung.example.vn", KeyKind.WITNESS)
ORIGIN = "test.local/ha-noi/intake"
LOG = Signer.generate(ORIGIN, KeyKind.LOG)


def told_entries(opinions: int = 1) -> list[bytes]:
    """Return what Intake recorded of a few opinions."""
    story = Story(quiet=True)
    for number in range(opinions):
        story.receive(f"o-{number}")
        story.accept(f"o-{number}")
    return [each for each in story.logs["intake"].contents if b'"ReferenceAdopted"' not in each]


def changed(content: bytes, **changes: Any) -> bytes:
    """Return an entry whose envelope says something else, in perfect form."""
    return wire.canonical({**json.loads(content), **changes})


def broken(*contents: bytes) -> list[tuple[str, int | None]]:
    """Return which rules are broken where."""
    rules = EntryRules(ORIGIN)
    return [
        (finding.code, finding.position)
        for position, content in enumerate(contents)
        for finding in rules.broken_by(position, content)
    ]


def note_over(entries: Sequence[bytes], *signers: Signer, origin: str = ORIGIN) -> bytes:
    tree = Tree()
    tree.extend(leaf_hashes(entries))
    text = Checkpoint(origin=origin, size=len(entries), root=tree.root()).text
    return Note.sign(text, signers, time_s=1_600_000_000).encode()


@dataclass
class Memory:
    """A log in memory, with the notes about it and the keys that it states."""

    contents: list[bytes]
    signed: list[bytes]
    keys: list[str] = field(default_factory=lambda: [str(LOG.key)])
    origin: str = ORIGIN
    is_whole: bool = False
    witnessed: bytes | None = None
    disputed: Dispute | None = None
    handed: Sequence[KeyHandover] = ()

    def size(self) -> int:
        return len(self.contents)

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        yield from self.contents[first:end]

    def checkpoint(self) -> bytes | None:
        return self.signed[-1] if self.signed else None

    def notes(self) -> Iterator[bytes]:
        yield from self.signed

    def stated_keys(self) -> list[str]:
        return self.keys

    def handovers(self) -> bytes:
        return b"".join(each.note.encode() for each in self.handed)

    def tile(self, tile: Tile) -> bytes | None:
        here = self.contents[tile.positions.start : tile.positions.stop]
        return b"".join(leaf_hashes(here))  # of the lowest row: there is no other in so few

    def refusal(self) -> None:
        return None

    def cosigned(self) -> bytes | None:
        return self.witnessed

    def dispute(self) -> Dispute | None:
        return self.disputed


def said(
    log: Memory,
    *,
    keys: Sequence[Signer] = (LOG,),
    old: Sequence[bytes] = (),
    witnesses: Sequence[Signer] = (),
) -> list[tuple[str, int | None]]:
    """Return what verifying `log` finds."""
    trust = Trust(
        keys=tuple(each.key for each in keys),
        witnesses=tuple(each.key for each in witnesses),
        witnesses_min=len(witnesses),
    )
    result = Verification(trust=trust, old=old)
    result.verify([log], are_all=True)
    return [(each.code, each.position) for each in result.findings.listed]


def test_what_a_log_writes_breaks_no_rule() -> None:
    assert broken(*told_entries(3)) == []


def test_each_rule_of_an_entry_is_kept() -> None:
    first, second = told_entries()
    later = json.loads(first)["time"].replace("2019", "2018")
    assert broken(b"") == [("proof.entry_size", 0), ("proof.unreadable", 0)]
    assert broken(b"[1]") == [("proof.unreadable", 0)]
    assert broken(first.replace(b":", b": ", 1)) == [("proof.not_canonical", 0)]
    assert broken(changed(first, source="test.local/ha-nam/intake")) == [("proof.foreign_entry", 0)]
    assert broken(changed(first, type="NoSuch")) == [("proof.unreadable", 0)]
    assert broken(changed(first, data={})) == [("proof.unreadable", 0)]
    assert broken(first, changed(second, time=later)) == [("proof.time_went_back", 1)]
    assert broken(first, changed(second, streamversion=2)) == [("proof.version_gap", 1)]
    assert broken(second) == [("proof.version_gap", 0)]
    twice = changed(second, id=json.loads(first)["id"])
    assert broken(first, twice) == [("proof.id_repeated", 1)]


def test_what_only_a_newer_release_knows_disproves_nothing() -> None:
    (first, _) = told_entries()
    for changes in ({"type": "NoSuch"}, {"schemaversion": 99}):
        (finding,) = EntryRules(ORIGIN).broken_by(0, changed(first, **changes))
        assert not finding.is_proof


@settings(deadline=None, max_examples=100)
@given(
    st.binary(max_size=200)
    | st.builds(
        lambda v: json.dumps(v).encode(), st.from_type(dict[str, int | str | list[int] | None])
    )
)
def test_no_bytes_upset_the_rules(content: bytes) -> None:
    assert broken(content)


def test_each_flipped_byte_of_a_small_log_of_ours_is_found_where_it_is(tmp_path: Path) -> None:
    entries = told_entries()
    log = Files(entries, origin=ORIGIN, signers=[LOG])
    log.files["keys"] = f"{LOG.key}\n".encode()
    log.written(tmp_path)
    bounds = [2, 2 + len(entries[0]) + 2]
    for path, content in log.files.items():
        for at in range(len(content)):
            spoilt = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            (tmp_path / path).write_bytes(spoilt)
            found = _found(tmp_path)
            assert found or path == "keys", (path, at)
            if path == "tile/entries/000.p/2" and at not in (0, 1, bounds[1] - 2, bounds[1] - 1):
                place = sum(at >= bound for bound in bounds) - 1
                assert ("proof.entry_differs", place) in found, (at, found)
        (tmp_path / path).write_bytes(content)
    assert _found(tmp_path) == []


def _found(folder: Path) -> list[tuple[str, int | None]]:
    result = Verification(trust=Trust(keys=(LOG.key,)))
    try:
        result.verify([DirectoryArchive(folder)], are_all=True)
    except AppError as error:
        return [(error.code, None)]
    return [(each.code, each.position) for each in result.findings.listed]


def test_a_key_is_followed_to_the_one_that_it_handed_over_to() -> None:
    entries = told_entries(3)
    second, third = (Signer.generate(ORIGIN, KeyKind.LOG) for _ in range(2))
    notes = [
        note_over(entries[:1], LOG),
        note_over(entries[:2], LOG, second),
        note_over(entries[:3], second),
        note_over(entries[:4], second, third),
        note_over(entries, third),
    ]
    keys = [str(each.key) for each in (LOG, second, third)]
    handed = [KeyHandover.sign(second, third.key), KeyHandover.sign(LOG, second.key)]
    assert said(Memory(entries, notes, keys, handed=handed)) == []
    assert said(Memory(entries, notes, keys, handed=handed), keys=()) == []
    assert said(Memory(entries, notes[4:], keys, handed=handed)) == []
    assert said(Memory(entries, notes[4:], keys), keys=(third,)) == []
    lost = Memory(entries, notes[:3], keys, handed=handed[:1])
    assert said(lost) == said(lost, keys=()) == [("proof.note_unsigned", None)]


def test_a_signature_that_anybody_added_to_a_public_checkpoint_hands_nothing_over() -> None:
    entries = told_entries(3)
    forger = Signer.generate(ORIGIN, KeyKind.LOG)
    entries[2] = changed(entries[2], actor="mttq/can-bo-9")
    notes = [note_over(entries[:2], LOG, forger), note_over(entries, forger)]
    log = Memory(entries, notes, [str(LOG.key), str(forger.key)])
    for handed in ([], [KeyHandover.sign(forger, LOG.key)]):
        log.handed = handed
        assert said(log) == [("proof.note_unsigned", None)]
    log.handed = [forged(LOG.key, forger)]
    assert said(log) == [("proof.handover_forged", None), ("proof.note_unsigned", None)]


def test_a_key_that_nobody_handed_over_to_is_not_believed_though_the_log_states_it() -> None:
    entries = told_entries(3)
    other = Signer.generate(ORIGIN, KeyKind.LOG)
    notes = [note_over(entries[:2], LOG), note_over(entries, other)]
    log = Memory(entries, notes, [str(LOG.key), str(other.key)])
    assert said(log) == said(log, keys=()) == [("proof.note_unsigned", None)]


def test_yesterdays_checkpoint_shows_what_was_changed_since() -> None:
    entries = told_entries(4)
    yesterday = note_over(entries[:5], LOG)
    assert said(Memory(entries, [note_over(entries, LOG)]), old=[yesterday]) == []
    entries[2] = changed(entries[2], actor="mttq/can-bo-9")
    forged = Memory(entries, [note_over(entries, LOG)])
    assert said(forged) == []
    assert said(forged, old=[yesterday]) == [("proof.root_differs", 0)]
    assert said(forged, old=[note_over(told_entries(4), LOG)]) == [("proof.forked", None)]
    cut = Memory(entries[:2], [note_over(entries[:2], LOG)])
    assert said(cut, old=[yesterday]) == [("proof.shorter_than_signed", 2)]


def test_an_old_checkpoint_of_a_log_that_is_gone_is_evidence() -> None:
    entries = told_entries()
    gone = note_over(entries, LOG, origin="test.local/ha-nam/intake")
    log = Memory(entries, [note_over(entries, LOG)])
    assert said(log, old=[gone]) == [("proof.log_missing", None)]
    assert said(log, old=[b"x"]) == [("proof.note_malformed", None)]


def test_a_wrong_file_of_the_auditors_own_disproves_nothing() -> None:
    entries = told_entries()
    stranger, gone = Signer.generate(ORIGIN, KeyKind.LOG), "test.local/ha-nam/intake"
    genuine = note_over(entries, LOG)
    spoilt = Note.parse(note_over(entries[:1], LOG))
    trust = Trust(keys=(LOG.key,))
    for old in (
        str(LOG.key).encode(),
        b"\xff" * 99,
        genuine[:-9],
        note_over(entries[:1], stranger),
        note_over(entries[:1], stranger, origin=gone),
        Note(spoilt.text.replace(ORIGIN, gone), spoilt.signatures).encode(),
        Note(spoilt.text.replace("\n1\n", "\n2\n"), spoilt.signatures).encode(),
    ):
        result = Verification(trust=trust, old=[old])
        result.verify([Memory(entries, [genuine])], are_all=True)
        assert result.findings.in_all == 1, old
        assert result.findings.verdict is Verdict.CANNOT_TELL, old
    of_another = Signer.generate(gone, KeyKind.LOG)
    missing = note_over(entries[:1], of_another, origin=gone)
    result = Verification(trust=Trust(keys=(LOG.key, of_another.key)), old=[missing])
    result.verify([Memory(entries, [genuine])], are_all=True)
    assert result.findings.verdict is Verdict.DISPROVEN


def test_cosignatures_are_verified_and_counted() -> None:
    entries = told_entries()
    log = Memory(entries, [note_over(entries, LOG, WITNESS)])
    assert said(log, witnesses=[WITNESS]) == []
    alone = Memory(entries, [note_over(entries, LOG)])
    assert said(alone, witnesses=[WITNESS]) == [("proof.witnesses_missing", None)]
    note = Note.parse(log.signed[0])
    content = note.signatures[1].content
    wrong = replace(note.signatures[1], content=bytes([content[0] ^ 1]) + content[1:])
    spoilt = Memory(entries, [Note(note.text, (note.signatures[0], wrong)).encode()])
    assert said(spoilt, witnesses=[WITNESS]) == [("proof.cosignature_wrong", None)]


def test_what_the_deployments_own_witness_cosigned_counts_beside_the_note() -> None:
    entries = told_entries()
    cosigned = note_over(entries, LOG, WITNESS)
    log = Memory(entries, [note_over(entries, LOG)], witnessed=cosigned)
    assert said(log, witnesses=[WITNESS]) == []
    log.contents = told_entries(2)
    log.signed.append(note_over(log.contents, LOG))
    assert said(log, witnesses=[WITNESS]) == [("proof.witnesses_missing", None)]
    assert said(log) == []


def test_a_dispute_is_told_and_both_its_notes_are_held_against_the_log() -> None:
    entries = told_entries(2)
    known = note_over(entries, LOG, WITNESS)
    forked = note_over([*entries[:-1], entries[0]], LOG)
    shorter = note_over(entries[:1], LOG)
    for other, found in ((forked, [("proof.forked", None)]), (shorter, [])):
        dispute = Dispute(
            reason="mirror.forked", position=1, known=known, other=other, found_at="2019-01-01"
        )
        log = Memory(entries, [note_over(entries, LOG)], disputed=dispute)
        assert said(log) == [("proof.disputed", 1), *found]


def test_a_log_that_no_given_key_is_of_can_not_be_told() -> None:
    entries = told_entries()
    other = Signer.generate("test.local/ha-nam/intake", KeyKind.LOG)
    log = Memory(entries, [note_over(entries, LOG)])
    assert said(log, keys=(other,)) == [("proof.no_key_given", None)]
    assert said(Memory(entries, []), keys=()) == [("proof.no_checkpoint", None)]
    assert said(Memory([], []), keys=()) == []


def test_a_successor_names_how_the_log_before_it_ended() -> None:
    entries = told_entries()
    before = Memory(entries, [note_over(entries, LOG)])
    tree = Tree()
    tree.extend(leaf_hashes(entries))
    origin = "test.local/new/intake"
    for size, root, found in (
        (2, tree.root().hex(), []),
        (2, "00" * 32, [("proof.predecessor_differs", 0)]),
        (1, tree.root().hex(), [("proof.predecessor_differs", 0)]),
    ):
        data = {"origin": ORIGIN, "size": size, "root": root}
        named = changed(entries[0], source=origin, type="PredecessorNamed", data=data)
        result = Verification(trust=Trust())
        result.verify([before, Memory([named], [], origin=origin)], are_all=True)
        mine = [(each.code, each.position) for each in result.findings.listed]
        assert [each for each in mine if "predecessor" in each[0]] == found


def test_a_predecessor_of_which_no_key_was_given_disproves_nothing() -> None:
    entries = told_entries()
    before = Memory(entries, [note_over(entries, LOG)])
    tree = Tree()
    tree.extend(leaf_hashes(entries))
    origin = "test.local/new/intake"
    heir = Signer.generate(origin, KeyKind.LOG)
    data = {"origin": ORIGIN, "size": 2, "root": tree.root().hex()}
    named = [changed(entries[0], source=origin, type="PredecessorNamed", data=data)]
    after = Memory(named, [note_over(named, heir, origin=origin)], [str(heir.key)], origin)
    result = Verification(trust=Trust(keys=(heir.key,)))
    result.verify([before, after], are_all=True)
    found = [
        each.code for each in result.findings.listed if each.origin == ORIGIN or "pre" in each.code
    ]
    assert "proof.predecessor_absent" in found
    assert "proof.predecessor_differs" not in found


@settings(deadline=None, max_examples=150)
@given(
    st.binary(max_size=400)
    | st.builds(
        lambda cut, more: note_over([b"x"], LOG)[:cut] + more, st.integers(0, 300), st.binary()
    )
)
def test_no_note_upsets_its_reader(content: bytes) -> None:
    result = Verification(trust=Trust(keys=(LOG.key,)))
    reader = NoteReader(
        origin=ORIGIN,
        trust=result.trust,
        stated=["x", str(LOG.key)],
        handovers=[],
        findings=result.findings,
    )
    history = reader.read([content], must_be_given=True)
    assert history.roots == [] or content == note_over([b"x"], LOG)
    assert result.findings.verdict is Verdict.DISPROVEN


@pytest.mark.parametrize("seed", range(4))
def test_no_clean_deployment_raises_a_false_alarm(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    told = stories(opinions=3 + seed * 5)
    for number in range(seed):
        tell(told[number % 2], f"more{number}", 3 + number)
    deployed = deploy(folder, told, publishes=seed % 2 == 0)
    for command in ("verify", "fsck"):
        ended = deployed.audit(command, "--json")
        assert (ended.status, ended.json["findings"]) == (0, []), command


def test_the_command_says_whose_keys_it_believed(clean: Deployed) -> None:
    own = clean.audit("verify")
    assert own.status == 0
    assert "theo khóa mà chính các sổ công bố" in own.out
    assert (
        "ĐÚNG, có bằng chứng. / PROVEN."
        in clean.audit("verify", "--key", str(keys_file(clean))).out
    )
    told = clean.audit("verify", "--json", "--province", "ha-noi").json
    assert (told["verdict"], told["keys_are_given"]) == ("proven", False)
    assert {log["origin"].split("/")[1] for log in told["logs"]} == {"ha-noi"}


def test_exported_logs_are_verified_without_the_deployment(clean: Deployed, tmp_path: Path) -> None:
    out = clean.exported(tmp_path)
    arguments = ["verify", "--from", str(out), "--key", str(keys_file(clean)), "--json"]
    told = clean.audit(*arguments)
    assert (told.status, len(told.json["logs"])) == (0, 8)
    (out / INTAKE / "tile/entries/001.p/31").unlink()
    told = clean.audit(*arguments)
    assert told.status == 2
    assert [(each["code"], each["origin"], each["position"]) for each in told.json["findings"]] == [
        ("proof.file_missing", INTAKE, 256)
    ]
    # A log put in the place of another's is not what its name says.
    assert clean.audit("verify", "--from", str(tmp_path / "nothing")).status == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--key", "x+y"), "eventlog.key_malformed"),
        (("--key", "nowhere.txt"), "audit.given_unreadable"),
        (("--key", str(WITNESS.key)), "audit.other_kind_of_key"),
        (("--witness", str(LOG.key)), "audit.other_kind_of_key"),
        (("--province", "nowhere"), "province.unknown"),
    ],
)
def test_a_command_used_wrongly_can_not_tell(
    clean: Deployed, arguments: tuple[str, ...], code: str
) -> None:
    ended = clean.audit("verify", *arguments)
    assert (ended.status, code in ended.err) == (2, True)
