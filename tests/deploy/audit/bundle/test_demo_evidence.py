"""The demo ends with its logs verified, and with a figure that a stranger can prove."""

import shutil
from pathlib import Path

import sqlalchemy as sa

from deploy.demo.evidence import BUNDLE, prove
from shared.settings import SERVICES
from tests.deploy.audit.bundle.evidence import Evidence


def test_every_log_is_as_it_was_signed_and_the_report_is_proven_from_its_bundle(
    deployed: Evidence, bundle: bytes, tmp_path: Path
) -> None:
    ended = prove(deployed.settings, deployed.report_id, tmp_path)
    assert ended["logs_verified"] is True
    assert ended["figure_proven"] is True
    mine = {log["origin"] for log in ended["logs"] if "/ha-noi/" in log["origin"]}
    assert mine == {f"test.local/ha-noi/{service}" for service in SERVICES}
    assert "ĐÚNG, có bằng chứng / PROVEN." in ended["said"]
    assert (tmp_path / BUNDLE).read_bytes() == bundle


def test_a_log_that_is_not_as_it_was_signed_is_told(deployed: Evidence, tmp_path: Path) -> None:
    """The changed entry came after those that the report counts: its figures still hold."""
    folder = tmp_path / "data"
    shutil.copytree(deployed.folder, folder)
    spoilt = Evidence(folder=folder, report_id=deployed.report_id)
    engine = sa.create_engine(spoilt.settings.database_url("intake"))
    with engine.begin() as connection:
        triggers = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in connection.scalars(triggers).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(
            "UPDATE entry SET entry = CAST(entry || ' ' AS BLOB) "
            "WHERE position = (SELECT max(position) FROM entry)"
        )
    engine.dispose()
    ended = prove(spoilt.settings, spoilt.report_id, tmp_path)
    assert ended["logs_verified"] is False
    assert ended["figure_proven"] is True
