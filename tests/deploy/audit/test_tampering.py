"""Whatever is done to a deployment's data is found, where it was done; nothing else is."""

import pytest

from tests.deploy.audit.deployed import Deployed
from tests.deploy.audit.tampering import FSCK, MATRIX, VERIFY, Tampering, findings, is_found


@pytest.mark.timeout(120)
@pytest.mark.parametrize("tampering", MATRIX, ids=lambda each: f"{each.by}: {each.name}")
def test_tampering_is_found_where_it_was_done(spoilt: Deployed, tampering: Tampering) -> None:
    tampering.do(spoilt)
    said = findings(spoilt, tampering.by, with_old=tampering.keeps_old)
    assert is_found(tampering, said), said["findings"]
    assert said["status"] == (1 if any(each["is_proof"] for each in said["findings"]) else 2)
    assert said["findings_in_all"] >= len(said["findings"])


@pytest.mark.parametrize("command", [VERIFY, FSCK])
def test_nothing_is_found_where_nothing_was_done(clean: Deployed, command: str) -> None:
    said = findings(clean, command, with_old=command == VERIFY)
    assert (said["status"], said["verdict"], said["findings"]) == (0, "proven", [])


def test_the_matrix_does_each_thing_once() -> None:
    assert len({each.name for each in MATRIX}) == len(MATRIX)
    assert {each.by for each in MATRIX} == {VERIFY, FSCK}
