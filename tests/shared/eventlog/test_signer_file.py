import stat
from pathlib import Path

import pytest

from shared.eventlog.note_key import KeyKind, Signer
from shared.eventlog.signer_file import create_signer_file, load_signer
from shared.kernel.errors import ContractError, RegulationError

NAME = "doithoai.test/ha-noi/intake"


def test_a_new_key_is_kept_where_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "intake.key"
    signer = create_signer_file(path, NAME, KeyKind.LOG)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == signer.secret() + "\n"
    assert (signer.key.name, signer.key.kind) == (NAME, KeyKind.LOG)


def test_a_key_that_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "intake.key"
    first = create_signer_file(path, NAME, KeyKind.LOG)
    assert create_signer_file(path, "another", KeyKind.WITNESS).key == first.key
    assert load_signer(file=path).key == first.key


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    stated = Signer.generate(NAME, KeyKind.WITNESS)
    create_signer_file(tmp_path / "key", NAME, KeyKind.LOG)
    assert load_signer(stated.secret() + "\n", tmp_path / "key").key == stated.key


def test_no_key_at_all_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegulationError, match="^eventlog.signer_absent$"):
        load_signer()
    with pytest.raises(RegulationError, match="^eventlog.signer_absent file=none$"):
        load_signer(file=tmp_path / "none")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    create_signer_file(path, NAME, KeyKind.LOG)
    path.chmod(mode)
    with pytest.raises(RegulationError, match="^vault.key_unprotected file=key$"):
        load_signer(file=path)


@pytest.mark.parametrize("stated", ["x", "PRIVATE+KEY+", "không phải khóa"])
def test_what_is_no_key_is_refused_and_not_repeated(stated: str, tmp_path: Path) -> None:
    with pytest.raises(ContractError) as refused:
        load_signer(stated)
    assert str(refused.value) == "eventlog.key_malformed"
    path = tmp_path / "key"
    path.write_text(stated)
    path.chmod(0o600)
    with pytest.raises(ContractError, match="^eventlog.key_malformed$"):
        load_signer(file=path)
