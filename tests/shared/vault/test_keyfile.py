"""Where the deployment's key may come from."""

import base64
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.kernel.errors import RegulationError
from shared.vault import create_key_file, load_key

KEY = bytes(range(32))
STATED = base64.b64encode(KEY).decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vault.key"
    path.write_text(STATED + "\n")
    path.chmod(0o600)
    return path


def test_a_stated_value_goes_before_a_file(file: Path) -> None:
    file.write_text(base64.b64encode(bytes(32)).decode())

    assert load_key(STATED, file) == KEY


def test_a_file_of_ours_that_nobody_else_may_touch_is_read(file: Path) -> None:
    assert load_key(None, file) == load_key("", file) == KEY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610, 0o601, 0o666])
def test_a_file_that_others_may_touch_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)

    with pytest.raises(RegulationError, match=r"^vault\.key_unprotected file=vault\.key$"):
        load_key(file=file)


def test_a_file_of_somebody_else_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)

    with pytest.raises(RegulationError, match=r"vault\.key_unprotected"):
        load_key(file=file)


def test_what_is_no_plain_file_is_refused(file: Path, tmp_path: Path) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(file)
    os.mkfifo(pipe, 0o600)

    for path in (link, pipe, tmp_path):
        with pytest.raises(RegulationError, match=r"vault\.key_unprotected"):
            load_key(file=path)


def test_no_key_at_all_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegulationError, match=r"^vault\.key_absent$"):
        load_key()
    with pytest.raises(RegulationError, match=r"vault\.key_absent file=none"):
        load_key(file=tmp_path / "none")


@pytest.mark.parametrize(
    "stated",
    ["x", "không phải khóa", base64.b64encode(bytes(31)).decode(), STATED + STATED, STATED[:-2]],
)
def test_what_is_not_32_bytes_in_base64_is_refused_and_not_repeated(stated: str) -> None:
    with pytest.raises(RegulationError) as caught:
        load_key(stated)

    assert str(caught.value) == "vault.key_malformed key_bytes=32"


def test_a_key_file_is_made_once_and_only_for_us(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(create_key_file, [path] * 16))

    assert keys == {create_key_file(path)} == {load_key(file=path)}
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_file_is_never_replaced(file: Path) -> None:
    assert create_key_file(file) == KEY
