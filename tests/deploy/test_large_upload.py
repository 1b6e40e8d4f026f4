"""While a large file is read, an embedded deployment goes on answering."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploy.client import Answered, Client
from deploy.datafolder import read_operator_token
from deploy.environment import settings_told
from tests.deploy.conftest import Embedded
from tests.deploy.digests import HEADINGS

ROWS = 7_500
WORDS = "Đề nghị nạo vét cống ngõ 84, mưa lớn là ngập. " * 40
ANSWERS_MIN = 20
"""Reading takes seconds on any machine; a process that it holds up answers once or twice."""


def large_without_labels() -> bytes:
    """Return nearly 20 MB that are read to the end before they are refused: nothing is written."""
    row = f'15/05/2022,phường Ngọc Hà,trật tự đô thị,kiến nghị,tiếp công dân,1,"{WORDS}",'
    return "\r\n".join([HEADINGS, *(f"{number},{row}" for number in range(ROWS))]).encode()


def test_requests_are_answered_while_a_large_file_is_read(embedded: Embedded) -> None:
    bearer = read_operator_token(settings_told(embedded.environment))
    uploader, other = Client(embedded.url, bearer), Client(embedded.url)
    role = {"seat": "mttq/can-bo-9", "role": "screener", "province": "ha-noi"}
    cadre = Client(embedded.url, uploader.post("/intake/access/tokens", role)["bearer"])
    form = {"kind": "digest", "province": "ha-noi"}
    file = {"file": ("lon.csv", large_without_labels())}

    def upload() -> None:
        cadre.call("POST", "/intake/imports", data=form, files=file)

    answers = 0
    with ThreadPoolExecutor(1) as pool:
        uploading = pool.submit(upload)
        while not uploading.done():
            for service in ("intake", "reporting"):
                assert other.get(f"/{service}/health/live")["live"] is True
            answers += not uploading.done()
            time.sleep(0.05)  # else the asking itself is the load
        with pytest.raises(Answered) as refused:
            uploading.result()
    assert refused.value.code == "workbook.missing_label"
    assert answers >= ANSWERS_MIN
