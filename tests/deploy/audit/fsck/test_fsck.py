"""All that is kept beside the entries is compared: no table is forgotten, none is misjudged."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from deploy.audit.archive import DatabaseArchive
from deploy.audit.deployment import owners
from deploy.audit.fsck import read_models
from deploy.audit.fsck.check import Check
from deploy.audit.fsck.read_models import INLINE
from deploy.directory import definitions
from shared.settings import SERVICES
from tests.deploy.audit.deployed import Deployed, deploy, stories
from tests.deploy.audit.tampering import FSCK, INTAKE, OTHER, VERIFY, findings, with_keys

DERIVED_ELSEWHERE = {
    "intake": {
        *("known_commitment", "known_session", "handling", "early_answer"),
        *("likeness_cursor", "likeness_sketch", "likeness_band"),
    },
    "sessions": {"hot_topic"},
    "assignment": {"feed_subscription", "feed_webhook", "withdrawn_opinion"},
    "reporting": {
        *("journal_log", "journal_entry", "figure_edition", "figure_upto", "figure_cell"),
        *("mirror", "cosigned_note", "dispute"),
    },
}
"""Kept by followers, by agencies, or compared as copies and figures."""


def test_every_table_is_compared_or_named_here() -> None:
    for service, definition in definitions().items():
        common = {
            table.name
            for tables in (
                *(definition.log, definition.vault, definition.follow),
                *(definition.requests, definition.references),
            )
            for name in tables.__dataclass_fields__
            if isinstance(table := getattr(tables, name), sa.Table)
        }
        inline = {table.name for table in INLINE[service]}
        left = set(definition.metadata.tables) - common - inline
        assert left == DERIVED_ELSEWHERE.get(service, set()), service
    assert set(INLINE) == set(SERVICES)


def test_a_deployment_that_grows_meanwhile_is_read_again_and_given_up_at_last(
    clean: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = iter(range(1_000_000))
    with owners(clean.settings) as archives:
        mine = [each for each in archives if isinstance(each, DatabaseArchive)]
        store = next(each.store for each in mine if each.origin == INTAKE)
        monkeypatch.setattr(DatabaseArchive, "size", lambda _self: next(sizes))
        check = Check()
        read_models.check_read_models(check, "intake", store, mine)
    (finding,) = check.findings.listed
    assert (finding.code, finding.is_proof) == ("fsck.moving", False)


def test_a_frozen_log_adopts_no_file_and_nobody_is_blamed(spoilt: Deployed) -> None:
    file = spoilt.settings.provinces / "ha-noi.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}# .\n", encoding="utf-8")
    assert spoilt.audit("fsck").status == 1
    for service in SERVICES:
        spoilt.spoil(service, "UPDATE log SET state = 'frozen'")
    assert spoilt.audit("fsck").status == 0


def test_a_statistic_that_is_gone_leaves_its_figures_open(spoilt: Deployed) -> None:
    spoilt.spoil("reporting", "UPDATE figure_edition SET sha256 = sha256 || 'x'")
    told = spoilt.audit("fsck", "--json")
    assert told.status == 2
    assert {each["code"] for each in told.json["findings"]} == {"fsck.statistic_unknown"}


def test_postgresql_is_compared_alike_and_tampering_by_its_superuser_is_found(
    postgresql_database: Callable[[str], str], tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    databases = {name: postgresql_database(f"audit_{name}") for name in SERVICES}
    deployed = with_keys(deploy(folder, stories(opinions=6), databases=databases))
    assert [findings(deployed, each)["status"] for each in (VERIFY, FSCK)] == [0, 0]
    deployed.spoil(
        "intake",
        "UPDATE entry SET entry = overlay(entry placing convert_to('x', 'UTF8') from 30) "
        "WHERE position = 5",
        "UPDATE opinion SET voices = 9 WHERE opinion_id = 'h-3'",
    )
    verified = findings(deployed, VERIFY)["findings"]
    assert {(each["origin"], each["position"]) for each in verified} >= {(INTAKE, 5), (OTHER, 5)}
    compared = {each["code"] for each in findings(deployed, FSCK)["findings"]}
    assert compared >= {
        *("fsck.index_differs", "fsck.copy_differs", "fsck.read_model_differs"),
    }
