"""The signature, checked by the very lines that agencies are given."""

import base64
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from services.assignment.webhook_signature import secret_text, signed

PAGE = Path(__file__).parents[3] / "docs" / "agency-feed.md"
KEY, OTHER_KEY = bytes(range(32)), bytes(range(32, 64))
NOW_S = 1_614_265_330
BODY = b'{"type":"AssignmentIssued"}'

Check = Callable[[Mapping[str, str], bytes, str, float], int | None]


def documented_check() -> Check:
    """Return the function that the documentation shows, compiled from its own lines."""
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    made: dict[str, Any] = {}
    exec(compile(example, str(PAGE), "exec"), made)  # noqa: S102 - our own page
    check: Check = made["genuine_feed_seq"]
    return check


CHECK = documented_check()


def headers(*keys: bytes, message_id: str = "ha-noi:ubnd-ba-dinh:121") -> dict[str, str]:
    return dict(signed(keys, message_id=message_id, timestamp_s=NOW_S, body=BODY))


def test_the_convention_is_kept_to_the_byte() -> None:
    # The example that implementations of Standard Webhooks agree on.
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signed(
        [key],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp_s=NOW_S,
        body=b'{"test": 2432232314}',
    )
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_the_key_in_the_convention_s_form() -> None:
    text = secret_text(KEY)
    assert text.startswith("whsec_")
    assert base64.b64decode(text.removeprefix("whsec_")) == KEY


@pytest.mark.parametrize("offset_s", [-300, 0, 300])
def test_a_genuine_delivery_is_known_by_the_documented_check(offset_s: int) -> None:
    assert CHECK(headers(KEY), BODY, secret_text(KEY), NOW_S + offset_s) == 121


@pytest.mark.parametrize("known", [KEY, OTHER_KEY])
def test_while_a_secret_changes_whoever_knows_either_is_served(known: bytes) -> None:
    assert CHECK(headers(OTHER_KEY, KEY), BODY, secret_text(known), NOW_S) == 121


def test_a_signature_by_another_secret_is_refused() -> None:
    assert CHECK(headers(OTHER_KEY), BODY, secret_text(KEY), NOW_S) is None


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "ha-noi:ubnd-ba-dinh:122"},
        {"webhook-id": "ha-noi:tnmt-ba-dinh:121"},
        {"webhook-timestamp": str(NOW_S + 1)},
        {"webhook-timestamp": "now"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,chữ ký"},
    ],
)
def test_what_was_changed_on_the_way_is_refused(change: dict[str, str]) -> None:
    assert CHECK({**headers(KEY), **change}, BODY, secret_text(KEY), NOW_S) is None


def test_another_body_or_another_version_is_refused() -> None:
    made = headers(KEY)
    assert CHECK(made, BODY + b" ", secret_text(KEY), NOW_S) is None
    older = {**made, "webhook-signature": made["webhook-signature"].replace("v1,", "v0,")}
    assert CHECK(older, BODY, secret_text(KEY), NOW_S) is None


@pytest.mark.parametrize("offset_s", [-301, 301, 86_400])
def test_a_delivery_that_somebody_sends_again_later_is_refused(offset_s: int) -> None:
    assert CHECK(headers(KEY), BODY, secret_text(KEY), NOW_S + offset_s) is None
