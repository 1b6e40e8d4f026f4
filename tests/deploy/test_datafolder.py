"""One data folder, one process; its secrets are its owner's alone."""

from pathlib import Path

import pytest

from deploy import datafolder
from deploy.environment import settings_told
from deploy.tokens import operator_bearer
from shared.access import AccessStore
from shared.access.tables import METADATA
from shared.kernel.clock import system_clock
from shared.kernel.errors import Unavailable
from shared.settings import ACCESS, Settings
from shared.store import Store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_told({"DOITHOAI_DATA": str(tmp_path / "data")})


def test_a_folder_in_use_is_refused_to_a_second_process(settings: Settings) -> None:
    with (
        datafolder.locked(settings),
        pytest.raises(Unavailable, match="deployment.in_use"),
        datafolder.locked(settings),
    ):
        pass


def test_a_folder_is_free_again_after_use(settings: Settings) -> None:
    assert not datafolder.is_locked(settings)
    with datafolder.locked(settings):
        assert datafolder.is_locked(settings)
    assert not datafolder.is_locked(settings)
    with datafolder.locked(settings):
        pass


def test_whoever_looks_whether_a_folder_is_in_use_keeps_nobody_out(settings: Settings) -> None:
    datafolder.prepare(settings)
    for _ in range(50):
        datafolder.is_locked(settings)
    with datafolder.locked(settings):
        pass


def test_the_address_is_noted_only_while_the_folder_is_held(settings: Settings) -> None:
    with datafolder.locked(settings):
        assert datafolder.read_address(settings) is None
        datafolder.write_address(settings, "http://127.0.0.1:1")
        assert datafolder.read_address(settings) == "http://127.0.0.1:1"
    assert datafolder.read_address(settings) is None


def test_keys_and_the_operator_token_are_for_their_owner_alone(settings: Settings) -> None:
    datafolder.prepare(settings)
    datafolder.write_operator_token(settings, "dt_secret")
    datafolder.write_operator_token(settings, "dt_other")
    assert datafolder.read_operator_token(settings) == "dt_other"
    assert (settings.data.stat().st_mode & 0o777) == 0o700
    files = sorted((settings.data / "keys").iterdir())
    assert [file.name for file in files] == ["operator.token", "service.key", "vault.key"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_keys_once_made_stay(settings: Settings) -> None:
    datafolder.prepare(settings)
    before = settings.vault_key_file.read_bytes()
    datafolder.prepare(settings)
    assert settings.vault_key_file.read_bytes() == before


def test_a_folder_that_can_not_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = settings_told({"DOITHOAI_DATA": str(tmp_path / "file" / "data")})
    with pytest.raises(Unavailable, match="deployment.data_unusable"):
        datafolder.prepare(settings)


def test_the_operator_of_a_machine_keeps_one_token_until_it_is_revoked(settings: Settings) -> None:
    datafolder.prepare(settings)
    store = Store(settings.database_url(ACCESS))
    METADATA.create_all(store.engine)
    access = AccessStore(store)
    first = operator_bearer(settings)
    assert operator_bearer(settings, access) == first
    (token,) = access.list()
    access.revoke(token.token_id, now=system_clock())
    second = operator_bearer(settings, access)
    assert second != first
    assert datafolder.read_operator_token(settings) == second
    store.close()
