"""A document's number names an office; a person's name or telephone number is none."""

import pytest

from shared.kernel.document_number import is_document_number


@pytest.mark.parametrize(
    "number",
    [
        "12/TB-UBND",
        "15/BC-MTTQ-BTT",
        "7/TB-HĐND&ỦY",
        "1234/QĐ-TTg",
        "30/2020/NĐ-CP",
        "08a/CTr-UBND",
        "15/BC-UBND.TH",
        "21/KH-P12",
        "12/tb-ubnd",
        "5",
    ],
)
def test_the_number_of_a_document_is_taken(number: str) -> None:
    assert is_document_number(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TB-UBND",
        "Nguyễn Văn A 0912345678",
        "NguyễnVănA0912345678",
        "12/Nguyễn-Văn-A",
        "12/nguyen-van-a",
        "0912345678",
        "12/0912345678",
        "12/TB UBND",
        "12/TB_UBND",
        "12/TB-UBND/",
        "12/" + "TB-" * 13 + "TB",
        "12/TB-UBND\n",
        "١٢/TB",
    ],
)
def test_what_could_be_a_person_is_not(text: str) -> None:
    assert not is_document_number(text)
