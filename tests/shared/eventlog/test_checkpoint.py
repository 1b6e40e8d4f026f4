import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.checkpoint import Checkpoint, Policy
from shared.eventlog.lines import base64_text
from shared.eventlog.note import Note
from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.eventlog.proof import EMPTY_ROOT, leaf_hash
from shared.kernel.errors import ContractError, LogTampered
from tests.shared.eventlog.refusals import read
from tests.shared.eventlog.trees import VECTORS, patiently

ORIGIN = "doithoai.test/ha-noi/intake"
ROOT = leaf_hash(b"x")
CHECKPOINT = Checkpoint(origin=ORIGIN, size=7, root=ROOT)
TEXT = f"{ORIGIN}\n7\n{base64_text(ROOT)}\n"
LOG = Signer.generate(ORIGIN, KeyKind.LOG)
WITNESSES = [Signer.generate(f"witness.example/w{number}", KeyKind.WITNESS) for number in range(3)]

COSIGNED = (VECTORS / "arche2025h1" / "checkpoint.txt").read_text(encoding="utf-8")
PUBLIC = Policy(
    origin="arche2025h1.staging.ct.transparency.dev",
    log_keys=(
        VerifierKey.parse(
            "arche2025h1.staging.ct.transparency.dev+ba2f06c0+"
            "AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
        ),
    ),
    witness_keys=tuple(
        VerifierKey.parse(text)
        for text in (
            "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
            (
                "transparency.dev/DEV:witness-little-garden+d8042a87+"
                "BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM"
            ),
            "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
            "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
        )
    ),
    witnesses_wanted=4,
)


def policy(*, wanted: int = 0, log_keys: tuple[VerifierKey, ...] = (LOG.key,)) -> Policy:
    return Policy(
        origin=ORIGIN,
        log_keys=log_keys,
        witness_keys=tuple(witness.key for witness in WITNESSES),
        witnesses_wanted=wanted,
    )


def signed(*signers: Signer, text: str = TEXT) -> bytes:
    return Note.sign(text, signers, time_s=1_700_000_000).encode()


def test_a_checkpoint_is_three_lines() -> None:
    assert CHECKPOINT.text == TEXT
    assert Checkpoint.parse(TEXT) == CHECKPOINT


def test_a_checkpoint_of_the_go_checksum_database_is_proven() -> None:
    """Source: the tests of transparency-dev/formats, and the Go toolchain."""
    key = VerifierKey.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
    content = (
        "go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n"
        "— sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvi"
        "mWEPWL+o3GeoWwOoAw=\n"
    ).encode()
    opened = Policy(origin="go.sum database tree", log_keys=(key,)).open(content)
    assert opened.checkpoint.size == 6_476_701
    assert [each.key for each in opened.by_log] == [key]


def test_a_public_checkpoint_with_the_cosignatures_of_four_witnesses_is_proven() -> None:
    opened = PUBLIC.open(COSIGNED.encode())
    assert opened.checkpoint.size == 1_432_088_532
    assert {each.time_s for each in opened.by_witnesses} == {1_779_573_024}
    assert opened.note.encode() == COSIGNED.encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [("1432088532", "1432088533"), ("U7WM", "V7WM"), ("AABqEiEg", "AABqEiEh"), ("RA23", "RA24")],
)
def test_a_public_checkpoint_that_was_changed_is_refused(old: str, new: str) -> None:
    with pytest.raises(LogTampered, match="^eventlog.signature_wrong"):
        PUBLIC.open(COSIGNED.replace(old, new).encode())


def test_the_tree_head_of_the_go_tools_is_written_alike() -> None:
    """Source: the tests of golang.org/x/mod/sumdb/tlog."""
    text = "go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n"
    read = Checkpoint.parse(text)
    assert read.text == text
    assert (read.size, read.root) == (123_456_789_012, leaf_hash(b"hello world"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        TEXT[:-1],
        TEXT + "\n",
        TEXT + "x",
        TEXT + "\nx\n",
        "\n" + TEXT,
        TEXT.replace("\n7\n", "\n07\n"),
        TEXT.replace("\n7\n", "\n-7\n"),
        TEXT.replace("\n7\n", "\n 7\n"),
        TEXT.replace("\n7\n", "\n0x7\n"),
        TEXT.replace("\n7\n", "\n\n"),
        TEXT.replace("\n7\n", "\n9223372036854775808\n"),
        TEXT.replace("\n7\n", "\n0\n"),
        f"{ORIGIN}\n7\n{base64_text(ROOT[:31])}\n",
        f"{ORIGIN}\n7\n{base64_text(ROOT + b'x')}\n",
        f"{ORIGIN}\n7\n{ROOT.hex()}\n",
        f"{ORIGIN}\n7\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ContractError, match="^eventlog.checkpoint_malformed$"):
        Checkpoint.parse(text)


def test_a_log_without_entries_has_a_checkpoint_with_the_root_of_nothing() -> None:
    empty = Checkpoint(origin=ORIGIN, size=0, root=EMPTY_ROOT)
    assert Checkpoint.parse(empty.text) == empty


def test_the_further_lines_of_another_log_are_kept_and_signed() -> None:
    read = Checkpoint.parse(TEXT + "one\ntwo\n")
    assert read.extensions == ("one", "two")
    assert read.text == TEXT + "one\ntwo\n"
    content = signed(LOG, *WITNESSES, text=read.text)
    assert policy(wanted=3).open(content).checkpoint == read
    for changed in (content.replace(b"two", b"twe"), content.replace(b"two\n", b"")):
        with pytest.raises(LogTampered, match="^eventlog.signature_wrong"):
            policy().open(changed)


def test_the_signature_of_the_log_is_wanted() -> None:
    assert policy().open(signed(LOG)).by_witnesses == ()
    stranger = Signer.generate(ORIGIN, KeyKind.LOG)
    for content in (signed(stranger), signed(*WITNESSES), signed(stranger, *WITNESSES)):
        with pytest.raises(LogTampered, match="^eventlog.checkpoint_unsigned") as unsigned:
            policy().open(content)
        assert unsigned.value.facts == {"origin": ORIGIN}


def test_after_a_key_was_rotated_either_signature_will_do() -> None:
    newer = Signer.generate(ORIGIN, KeyKind.LOG)
    both = policy(log_keys=(LOG.key, newer.key))
    for signers in ((LOG,), (newer,), (LOG, newer)):
        assert len(both.open(signed(*signers)).by_log) == len(signers)


def test_as_many_witnesses_are_wanted_as_the_policy_says() -> None:
    for present in range(4):
        content = signed(LOG, *WITNESSES[:present])
        for wanted in range(4):
            if wanted <= present:
                assert len(policy(wanted=wanted).open(content).by_witnesses) == present
            else:
                with pytest.raises(LogTampered, match="^eventlog.witnesses_missing") as missing:
                    policy(wanted=wanted).open(content)
                assert missing.value.facts == {
                    "origin": ORIGIN,
                    "wanted": wanted,
                    "found": present,
                }


def test_a_witness_with_two_keys_counts_once() -> None:
    twins = [Signer.generate("one", KeyKind.WITNESS) for _ in range(2)]
    believed = Policy(
        origin=ORIGIN,
        log_keys=(LOG.key,),
        witness_keys=tuple(twin.key for twin in twins),
        witnesses_wanted=2,
    )
    with pytest.raises(LogTampered, match="^eventlog.witnesses_missing"):
        believed.open(signed(LOG, *twins))


def test_a_checkpoint_of_another_log_is_refused_even_when_the_key_is_right() -> None:
    other = Checkpoint(origin="doithoai.test/ha-nam/intake", size=7, root=ROOT)
    with pytest.raises(LogTampered, match="^eventlog.checkpoint_of_another_log") as refused:
        policy().open(signed(LOG, text=other.text))
    assert refused.value.facts == {"origin": ORIGIN}


WHOLE = signed(LOG, WITNESSES[0])


@patiently
@given(st.integers(0, 8 * len(WHOLE) - 1))
def test_any_flipped_bit_of_a_signed_checkpoint_is_refused(bit: int) -> None:
    content = bytearray(WHOLE)
    content[bit // 8] ^= 1 << bit % 8
    with pytest.raises((LogTampered, ContractError), match="^eventlog."):
        policy(wanted=1).open(bytes(content))


@patiently
@given(st.text(max_size=120) | st.text(max_size=3).map(lambda more: TEXT + more))
def test_whatever_is_read_was_spelt_as_we_would(text: str) -> None:
    found = read(Checkpoint.parse, text)
    assert found is None or found.text == text
