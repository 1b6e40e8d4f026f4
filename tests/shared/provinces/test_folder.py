from pathlib import Path

import pytest

from shared.kernel.errors import NotFound, RegulationError
from shared.provinces import ProvinceFolder, province_of
from tests.shared.provinces.samples import SAMPLE, written

B = SAMPLE.replace('slug = "tinh-a"', 'slug = "tinh-b"')


@pytest.fixture
def folder(tmp_path: Path) -> ProvinceFolder:
    written(tmp_path)
    return ProvinceFolder(tmp_path)


def test_a_file_that_is_put_there_later_is_found_when_it_is_asked_for(
    folder: ProvinceFolder, tmp_path: Path
) -> None:
    assert "tinh-b" not in folder
    walk = iter(folder)
    written(tmp_path, B, "tinh-b")
    assert list(folder) == ["tinh-a"]
    assert province_of(folder, "tinh-b").slug == "tinh-b"
    assert list(folder) == ["tinh-a", "tinh-b"]
    assert len(folder) == 2
    assert list(walk) == ["tinh-a"]  # whoever was walking is not disturbed


def test_a_file_that_was_read_stays_as_it_was_read(folder: ProvinceFolder, tmp_path: Path) -> None:
    before = folder["tinh-a"].sha256
    written(tmp_path, f"{SAMPLE}\n")
    assert folder["tinh-a"].sha256 == before
    assert ProvinceFolder(tmp_path)["tinh-a"].sha256 != before


@pytest.mark.parametrize("slug", ["tinh-c", "../tinh-a", "", "Tỉnh A"])
def test_what_has_no_file_is_unknown(folder: ProvinceFolder, slug: str) -> None:
    with pytest.raises(NotFound, match="province.unknown"):
        province_of(folder, slug)


def test_a_new_file_that_is_wrong_is_refused_with_its_place(
    folder: ProvinceFolder, tmp_path: Path
) -> None:
    written(tmp_path, B.replace('level = "district"', 'level = "quarter"'), "tinh-b")
    with pytest.raises(RegulationError, match="reference.wrong_value"):
        folder["tinh-b"]
    written(tmp_path, B.replace("valid_to", 'successor = "tinh-c"\nvalid_to', 1), "tinh-b")
    with pytest.raises(RegulationError, match="province.unknown_successor"):
        folder["tinh-b"]
    assert list(folder) == ["tinh-a"]
