import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventlog.note_key import KeyKind, Signature, Signer, VerifierKey
from shared.kernel.errors import ContractError, LogTampered
from tests.shared.eventlog.refusals import read
from tests.shared.eventlog.trees import patiently

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
"""Source: the tests of golang.org/x/mod/sumdb/note."""
PUBLISHED = {
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k": KeyKind.LOG,
    "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8": KeyKind.LOG,
    "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6": KeyKind.LOG,
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2": KeyKind.WITNESS,
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv": (KeyKind.WITNESS),
}
"""Source: the example of c2sp.org/signed-note; the Go toolchain; the tests of
transparency-dev/formats; witnesses' own pages."""

LOG = Signer.generate("doithoai.test/ha-noi/intake", KeyKind.LOG)
WITNESS = Signer.generate("witness.example/w1", KeyKind.WITNESS)
TEXT = "văn bản\n"


@pytest.mark.parametrize(("text", "kind"), PUBLISHED.items())
def test_published_keys_are_read_and_written(text: str, kind: KeyKind) -> None:
    key = VerifierKey.parse(text)
    assert str(key) == text
    assert key.kind is kind
    assert key.name == text.partition("+")[0]


def test_a_key_of_the_go_tools_signs_what_it_signs_there() -> None:
    signer = Signer.parse(PETERS_SECRET)
    assert str(signer.key) == PETER
    assert signer.secret() == PETERS_SECRET
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    assert str(signer.sign(text, time_s=1)) == (
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdn"
        "gotpRZb6KE6RyyBwJnAM="
    )


def test_every_piece_and_every_change_of_a_key_is_refused() -> None:
    for whole, parse in ((PETER, VerifierKey.parse), (PETERS_SECRET, Signer.parse)):
        pieces = {
            whole[start:end] for start in range(len(whole)) for end in range(start, len(whole) + 1)
        } - {whole}
        changed = {
            whole[:at] + chr(ord(whole[at]) + 1) + whole[at + 1 :] for at in range(len(whole))
        }
        for wrong in pieces | changed:
            with pytest.raises(ContractError, match="^eventlog.key_malformed$"):
                parse(wrong)


@pytest.mark.parametrize(
    "text",
    [
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER + "\n",
        " " + PETER,
        PETER.replace("Peter", "Peter "),
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "x" * 300 + PETER,
        "",
        "++",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ContractError, match="^eventlog.key_malformed$"):
        VerifierKey.parse(text)


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\nb", "a\u2003b", "a\x00b", "a\udc80b", "x" * 256]
)
def test_no_key_has_a_name_that_a_note_can_not_carry(name: str) -> None:
    with pytest.raises(ContractError, match="^eventlog.key_malformed$"):
        Signer.generate(name, KeyKind.LOG)


@pytest.mark.parametrize("kind", KeyKind)
def test_a_new_key_is_read_again_and_is_its_own(kind: KeyKind) -> None:
    signer = Signer.generate("tên/khóa", kind)
    again = Signer.parse(signer.secret())
    assert again.key == signer.key == VerifierKey.parse(str(signer.key))
    assert again.sign(TEXT, time_s=7) == signer.sign(TEXT, time_s=7)
    assert Signer.generate("tên/khóa", kind).key != signer.key


def test_a_private_key_is_not_shown_by_accident() -> None:
    secret = LOG.secret().rpartition("+")[2]
    for shown in (repr(LOG), str(LOG), f"{LOG}"):
        assert secret not in shown
        assert LOG.key.name in shown


def test_a_log_does_not_say_when_it_signed_and_a_witness_does() -> None:
    by_log = LOG.key.verify(TEXT, LOG.sign(TEXT, time_s=1_700_000_000))
    by_witness = WITNESS.key.verify(TEXT, WITNESS.sign(TEXT, time_s=1_700_000_000))
    assert (by_log.key, by_log.time_s) == (LOG.key, None)
    assert (by_witness.key, by_witness.time_s) == (WITNESS.key, 1_700_000_000)


def test_the_same_key_pair_has_another_id_as_log_and_as_witness() -> None:
    public = LOG.key.public
    ids = {VerifierKey(name="n", kind=kind, public=public).key_id for kind in KeyKind}
    assert len(ids) == 2


@patiently
@given(st.sampled_from([LOG, WITNESS]), st.data())
def test_any_flipped_bit_of_a_signature_is_refused(signer: Signer, data: st.DataObject) -> None:
    signature = signer.sign(TEXT, time_s=1_700_000_000)
    changed = bytearray(signature.content)
    bit = data.draw(st.integers(0, 8 * len(changed) - 1))
    changed[bit // 8] ^= 1 << bit % 8
    forged = Signature(name=signature.name, key_id=signature.key_id, content=bytes(changed))
    with pytest.raises(LogTampered, match="^eventlog.signature_wrong") as wrong:
        signer.key.verify(TEXT, forged)
    assert wrong.value.facts == {"key": signer.key.name}


@pytest.mark.parametrize("text", ["", "văn bản", "văn bản\n\n", "Văn bản\n"])
def test_a_signature_stands_for_one_text(text: str) -> None:
    for signer in (LOG, WITNESS):
        with pytest.raises(LogTampered, match="^eventlog.signature_wrong"):
            signer.key.verify(text, signer.sign(TEXT, time_s=1))


def test_a_signature_by_another_is_refused() -> None:
    with pytest.raises(LogTampered, match="^eventlog.signature_wrong"):
        LOG.key.verify(TEXT, WITNESS.sign(TEXT, time_s=1))


def test_a_time_beyond_what_the_format_allows_is_refused() -> None:
    late = WITNESS.sign(TEXT, time_s=2**63)
    with pytest.raises(LogTampered, match="^eventlog.signature_wrong"):
        WITNESS.key.verify(TEXT, late)
    latest = WITNESS.sign(TEXT, time_s=2**63 - 1)
    assert WITNESS.key.verify(TEXT, latest).time_s == 2**63 - 1


@patiently
@given(st.sampled_from(KeyKind), st.binary(min_size=32, max_size=32), st.binary(max_size=90))
def test_no_public_key_and_no_signature_breaks_the_check(
    kind: KeyKind, public: bytes, content: bytes
) -> None:
    key = VerifierKey(name="n", kind=kind, public=public)
    forged = Signature(name="n", key_id=key.key_id, content=content)
    with pytest.raises(LogTampered, match="^eventlog.signature_wrong"):
        key.verify(TEXT, forged)


LINE = str(WITNESS.sign(TEXT, time_s=1))


def test_a_signature_line_is_read_as_it_is_written() -> None:
    assert Signature.parse(LINE) == WITNESS.sign(TEXT, time_s=1)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "— ",
        "— n",
        "— n ",
        "— n AAAAAA==",
        "— n AAAAAAA",
        "n AAAAAAA=",
        "- n AAAAAAA=",
        "–  n AAAAAAA=",
        "—n AAAAAAA=",
        "—  AAAAAAA=",
        "— n  AAAAAAA=",
        "— n AAAAAAA= ",
        "— n AAAAAAA=\n",
        "— n m AAAAAAA=",
        "— n+m AAAAAAA=",
        "— n\u00a0m AAAAAAA=",
        "— n AAAAAAB=",
    ],
)
def test_what_is_no_signature_line_is_refused(line: str) -> None:
    with pytest.raises(ContractError, match="^eventlog.signature_malformed$"):
        Signature.parse(line)


def test_the_shortest_signature_line_is_read() -> None:
    assert Signature.parse("— n AAAAAAA=").content == b"\x00"


samples = st.sampled_from([LINE, PETER, PETERS_SECRET])


@patiently
@given(st.text(max_size=150) | st.builds(str.__add__, samples, st.text(max_size=3)))
def test_whatever_is_read_was_spelt_as_we_would(text: str) -> None:
    signature = read(Signature.parse, text)
    assert signature is None or str(signature) == text
    key = read(VerifierKey.parse, text)
    assert key is None or str(key) == text
    signer = read(Signer.parse, text)
    assert signer is None or signer.secret() == text
