import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.note import NOTE_MAX_BYTES, SIGNATURES_MAX, Note
from shared.eventlog.note_key import KeyKind, Signature, Signer, VerifierKey
from shared.kernel.errors import ContractError, LogTampered, TooLarge
from tests.shared.eventlog.refusals import read
from tests.shared.eventlog.trees import patiently

TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
ENOCH = VerifierKey.parse("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop")
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpR"
    "Zb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33"
    "WWd1RvMc+QQ=\n"
)
"""Source: the tests of golang.org/x/mod/sumdb/note."""

SIGNER = Signer.generate("n", KeyKind.LOG)


def note(*lines: str, text: str = TEXT) -> bytes:
    return f"{text}\n{''.join(lines)}".encode()


def test_the_example_of_the_specification_is_proven() -> None:
    """Source: c2sp.org/signed-note."""
    key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    content = (
        "This is an example message.\n\n"
        "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFX"
        "mRKuwHjG1Yu72IneyaQM=\n"
    ).encode()
    (signed,) = Note.parse(content).verify([key])
    assert signed.key == key


def test_signatures_by_known_keys_are_verified_and_those_by_others_ignored() -> None:
    read = Note.parse(note(BY_PETER, BY_ENOCH))
    assert read.text == TEXT
    assert [signed.key for signed in read.verify([PETER])] == [PETER]
    assert [signed.key for signed in read.verify([ENOCH, PETER])] == [ENOCH, PETER]
    assert read.verify([]) == ()
    assert read.verify([SIGNER.key]) == ()


def test_a_wrong_signature_by_a_known_key_spoils_the_note() -> None:
    forged = BY_PETER.replace("ZJku", "ZJkv")
    read = Note.parse(note(forged, BY_ENOCH))
    assert len(read.verify([ENOCH])) == 1
    with pytest.raises(LogTampered, match="^eventlog.signature_wrong key=PeterNeumann$"):
        read.verify([ENOCH, PETER])


def test_two_signatures_by_a_known_key_spoil_the_note() -> None:
    read = Note.parse(note(BY_PETER, BY_ENOCH, BY_PETER))
    assert len(read.verify([ENOCH])) == 1
    with pytest.raises(LogTampered, match="^eventlog.signature_repeated key=PeterNeumann$"):
        read.verify([PETER, ENOCH])


def test_a_key_of_the_same_name_or_of_the_same_id_is_another_key() -> None:
    namesake = Signer.generate("PeterNeumann", KeyKind.LOG)
    read = Note.parse(note(BY_PETER)).also_signed([namesake.sign(TEXT, time_s=1)])
    assert [signed.key for signed in read.verify([PETER])] == [PETER]
    assert [signed.key for signed in read.verify([namesake.key])] == [namesake.key]
    renamed = Note.parse(note(BY_PETER.replace("Peter", "Paul")))
    assert renamed.verify([PETER]) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\n\n",
        TEXT.encode(),
        note(),
        note(BY_PETER)[:-1],
        note("\x01", BY_PETER),
        note(BY_PETER, text="\x01" + TEXT),
        note(BY_PETER, text="\t" + TEXT),
        note(BY_PETER, text="\r\n" + TEXT),
        b"\xff" + note(BY_PETER),
        b"\xed\xa0\x80" + note(BY_PETER),
        note(BY_PETER, "\n"),
        note(*[BY_PETER] * (SIGNATURES_MAX + 1)),
    ],
)
def test_what_is_no_note_is_refused(content: bytes) -> None:
    with pytest.raises(ContractError, match="^eventlog.note_malformed$"):
        Note.parse(content)


@pytest.mark.parametrize("line", ["Unexpected line.\n", BY_PETER.replace("Peter", "Peter ")])
def test_a_line_below_the_text_that_is_no_signature_is_refused(line: str) -> None:
    with pytest.raises(ContractError, match="^eventlog.signature_malformed$"):
        Note.parse(note(BY_PETER, line))


def test_a_note_may_have_empty_lines_and_as_many_signatures_as_the_limit() -> None:
    text = "\n\nmột\n\n\nhai\n\n"
    signers = [Signer.generate(f"n{number}", KeyKind.WITNESS) for number in range(SIGNATURES_MAX)]
    signed = Note.sign(text, signers, time_s=5)
    read = Note.parse(signed.encode())
    assert read == signed
    assert read.text == text
    assert [each.time_s for each in read.verify([signer.key for signer in signers])] == [
        5
    ] * SIGNATURES_MAX


def test_a_note_has_a_largest_size() -> None:
    room = NOTE_MAX_BYTES - len(note(BY_PETER, text="\n"))
    largest = note(BY_PETER, text="x" * room + "\n")
    assert len(largest) == NOTE_MAX_BYTES
    assert Note.parse(largest).text == "x" * room + "\n"
    with pytest.raises(TooLarge, match="^eventlog.note_too_large"):
        Note.parse(b"x" + largest)


@pytest.mark.parametrize(
    "text", ["", "x", "x\ny", "\x00\n", "x\r\n", "\ud800\n", "x" * NOTE_MAX_BYTES]
)
def test_what_no_note_can_carry_is_not_signed(text: str) -> None:
    with pytest.raises((ContractError, TooLarge), match="^eventlog.note_"):
        Note.sign(text, [SIGNER], time_s=1)


def test_a_note_without_signers_is_not_made() -> None:
    with pytest.raises(ContractError, match="^eventlog.note_malformed$"):
        Note.sign(TEXT, [], time_s=1)


def test_a_newer_signature_by_the_same_key_takes_the_place_of_the_older() -> None:
    witness = Signer.generate("w", KeyKind.WITNESS)
    first = Note.sign(TEXT, [SIGNER, witness], time_s=1)
    later = first.also_signed([witness.sign(TEXT, time_s=2)])
    assert [each.name for each in later.signatures] == ["n", "w"]
    assert later.verify([witness.key])[0].time_s == 2


ACCEPTED = note(BY_PETER, BY_ENOCH)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw the accepted note with some bytes replaced, removed or added."""
    start = draw(st.integers(0, len(ACCEPTED)))
    end = draw(st.integers(start, min(len(ACCEPTED), start + 3)))
    return ACCEPTED[:start] + draw(st.binary(max_size=3)) + ACCEPTED[end:]


@patiently
@given(st.binary(max_size=200) | damaged() | st.text("\n— nA=", max_size=60).map(str.encode))
def test_whatever_is_read_was_spelt_as_we_would(content: bytes) -> None:
    found = read(Note.parse, content)
    assert found is None or found.encode() == content


@patiently
@given(st.integers(0, 8 * len(ACCEPTED) - 1))
def test_no_flipped_bit_leaves_all_signatures_proven(bit: int) -> None:
    content = bytearray(ACCEPTED)
    content[bit // 8] ^= 1 << bit % 8
    found = read(Note.parse, bytes(content))
    if found is not None:
        try:
            signed = found.verify([PETER, ENOCH])
        except LogTampered:
            signed = ()
        assert len(signed) < 2


def test_a_signature_is_as_it_was_after_a_round() -> None:
    signature = Signature(name="n", key_id=b"1234", content=b"x")
    assert Note.parse(Note("t\n", (signature,)).encode()).signatures == (signature,)
