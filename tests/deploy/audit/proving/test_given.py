"""What an auditor is given, keys above all, may be any file: it is read, or refused in words."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.audit.proving.tlog_directory import KEYS_MAX, DirectoryArchive
from deploy.audit.proving.trust import GIVEN_MAX, Trust
from deploy.audit.proving.verification import Verification
from deploy.cli.audit_trust import trusted
from shared.eventlog.note_key import KeyKind, Signer
from shared.kernel.errors import BadInput, ContractError
from tests.deploy.audit.proving.logs import SIGNER, Files, numbered

FUZZ = settings(deadline=None, max_examples=150)
KEYS = f"{SIGNER.key}\n{Signer.generate('other', KeyKind.LOG).key}\n".encode()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw a file of keys with a piece replaced, removed or added."""
    start = draw(st.integers(0, len(KEYS)))
    end = draw(st.integers(start, min(len(KEYS), start + 40)))
    return KEYS[:start] + draw(st.binary(max_size=5)) + KEYS[end:]


@FUZZ
@given(st.binary(max_size=200) | damaged())
def test_a_file_of_keys_is_read_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "keys"
        file.write_bytes(content)
        try:
            keys = trusted((str(file),)).keys
        except (ContractError, BadInput):
            return
    lines = [line.strip() for line in content.decode().split("\n") if line.strip()]
    assert [str(key) for key in keys] == list(dict.fromkeys(lines))


@FUZZ
@given(st.binary(max_size=200) | damaged())
def test_whatever_a_log_states_as_its_keys_the_given_one_decides(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        Files(numbered(3)).written(Path(folder))
        (Path(folder) / "keys").write_bytes(content)
        result = Verification(trust=Trust(keys=(SIGNER.key,)))
        try:
            result.verify([DirectoryArchive(Path(folder))], are_all=True)
        except ContractError:
            return
    assert result.logs[0].proven == len(numbered(3))


def test_no_more_keys_are_taken_than_anybody_has(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("\n".join(f"{SIGNER.key}{n}" for n in range(GIVEN_MAX + 1)))
    with pytest.raises(BadInput, match="audit.too_many_given"):
        trusted((str(file),))
    Files(numbered(3)).written(tmp_path)
    assert len(DirectoryArchive(tmp_path).stated_keys()) == KEYS_MAX
