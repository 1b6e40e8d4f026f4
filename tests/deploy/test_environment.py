"""What a deployment is told, and what of it is refused."""

from pathlib import Path

import pytest

from deploy.environment import check_divisible, is_divisible, settings_told
from deploy.running import told_only
from shared.kernel.errors import Refused, RegulationError

SERVER = "postgresql://postgres@127.0.0.1/doithoai"
BROKER = "amqp://guest:guest@127.0.0.1:5672//"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DOITHOAI_DEPLOYMENT", "example.org/doithoai"),
        ("DOITHOAI_DEPLOYMENT", "example.org+doithoai"),
        ("DOITHOAI_DEPLOYMENT", "đối-thoại.vn"),
        ("DOITHOAI_DEPLOYMENT", "example org"),
        ("DOITHOAI_DEPLOYMENT", "example.org\n"),
        ("DOITHOAI_DEPLOYMENT", ".."),
        ("DOITHOAI_DEPLOYMENT", "x" * 81),
        ("DOITHOAI_DEPLOYMENT", ""),
        ("DOITHOAI_URL", "127.0.0.1:8460"),
        ("DOITHOAI_URL", "ftp://127.0.0.1"),
        ("DOITHOAI_URL", "http://127.0.0.1:port"),
        ("DOITHOAI_URL", ""),
        ("DOITHOAI_LISTEN", "127.0.0.1:port"),
        ("DOITHOAI_LISTEN", "127.0.0.1:70000"),
        ("DOITHOAI_INTAKE_LISTEN", "127.0.0.1:-1"),
        ("DOITHOAI_BROKER", ""),
        ("DOITHOAI_BROKER", "127.0.0.1"),
        ("DOITHOAI_WEBHOOK_NETWORKS", "127.0.0.1/8"),
        ("DOITHOAI_WEBHOOK_NETWORKS", "10.20.0.0/16;::1"),
        ("DOITHOAI_WEBHOOK_NETWORKS", "localhost"),
        ("DOITHOAI_WITNESSES", "http://witness.example"),
    ],
)
def test_an_address_that_is_none_is_refused_by_its_variable(variable: str, value: str) -> None:
    with pytest.raises(RegulationError, match="deployment.bad_setting") as refused:
        settings_told({variable: value})
    assert refused.value.facts == {"variable": variable}


def test_without_a_word_everything_is_embedded_beside_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = settings_told({})
    assert settings.is_embedded
    assert settings.data == tmp_path / "var"
    assert settings.listen == ("127.0.0.1", 8460)
    assert settings.broker == "memory://"


def test_a_deployment_has_a_name_that_logs_can_begin_with() -> None:
    for name in ("doithoai.local", "example.org:8460", "mttq-ha-noi", "x" * 80):
        assert settings_told({"DOITHOAI_DEPLOYMENT": name}).deployment == name


def test_webhooks_go_to_public_networks_and_those_that_are_listed() -> None:
    assert settings_told({}).webhook_networks == ()
    listed = settings_told({"DOITHOAI_WEBHOOK_NETWORKS": "10.20.0.0/16, ::1,"}).webhook_networks
    assert [str(each) for each in listed] == ["10.20.0.0/16", "::1/128"]


def test_port_0_stays_0_so_that_the_system_chooses() -> None:
    assert settings_told({"DOITHOAI_LISTEN": "127.0.0.1:0"}).listen == ("127.0.0.1", 0)


def test_services_listen_next_to_the_front() -> None:
    listens = settings_told({"DOITHOAI_LISTEN": "0.0.0.0:9000"}).listens
    assert listens["intake"] == ("127.0.0.1", 9001)
    assert listens["reporting"] == ("127.0.0.1", 9004)


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "deployment.needs_postgresql"),
        ({"DOITHOAI_BROKER": BROKER}, "deployment.needs_postgresql"),
        (
            {"DOITHOAI_INTAKE_DATABASE": SERVER, "DOITHOAI_BROKER": BROKER},
            "deployment.needs_postgresql",
        ),
        ({"DOITHOAI_DATABASE": SERVER}, "deployment.needs_broker"),
    ],
)
def test_several_processes_need_postgresql_and_a_broker(
    environment: dict[str, str], code: str
) -> None:
    settings = settings_told(environment)
    assert not is_divisible(settings)
    with pytest.raises(Refused, match=code):
        check_divisible(settings)


def test_with_both_a_deployment_can_be_several_processes() -> None:
    assert is_divisible(settings_told({"DOITHOAI_DATABASE": SERVER, "DOITHOAI_BROKER": BROKER}))


def test_a_child_is_told_nothing_that_was_exported_for_another_deployment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOITHOAI_DATABASE", "postgresql://production/doithoai")
    monkeypatch.setenv("DOITHOAI_LOG", "INFO")
    told = told_only({"DOITHOAI_DATA": "here"})
    ours = {name: value for name, value in told.items() if name.startswith("DOITHOAI_")}
    assert ours == {"DOITHOAI_DATA": "here", "DOITHOAI_LOG": "INFO"}
    assert "PATH" in told
