"""Signing in by browser: sessions, seats, and everything a stranger could try."""

import pytest

from shared.access import Role
from tests.shared.pages.conftest import PASSWORD, SCREENER, SUPERVISOR, Desk, hidden_fields

OPINIONS = "/opinions?province=ha-noi"


@pytest.fixture
def screener(desk: Desk) -> Desk:
    """Return a browser at which a screener is signed in."""
    desk.person("sang-loc", (SCREENER, Role.SCREENER))
    assert desk.sign_in("sang-loc").status_code == 303
    return desk


def test_who_is_not_signed_in_is_sent_there_and_comes_back(desk: Desk) -> None:
    desk.person("sang-loc", (SCREENER, Role.SCREENER))
    sent = desk.client.get("/account?x=1")
    assert sent.status_code == 303
    assert sent.location == "/intake/account/sign-in?next=%2Fintake%2Faccount%3Fx%3D1"
    form = desk.client.get("/account/sign-in?next=%2Fintake%2Faccount%3Fx%3D1")
    answer = desk.sign_in("sang-loc", next=hidden_fields(form)["next"])
    assert (answer.status_code, answer.location) == (303, "/intake/account?x=1")


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/a\nLocation: https://evil.example",
    ],
)
def test_nobody_is_sent_to_another_site(desk: Desk, there: str) -> None:
    desk.person("sang-loc", (SCREENER, Role.SCREENER))
    assert desk.sign_in("sang-loc", next=there).location == "/"


def test_what_the_browser_keeps_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    desk.person("sang-loc", (SCREENER, Role.SCREENER))
    (cookie,) = desk.sign_in("sang-loc").headers.getlist("Set-Cookie")
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie
    assert "Expires" not in cookie
    assert PASSWORD not in cookie


def test_a_wrong_password_keeps_the_login_and_forgets_the_password(desk: Desk) -> None:
    answer = desk.sign_in('a"><script>alert(1)</script>', "mật khẩu sai")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in page
    assert 'role="alert"' in page
    assert "<title>Lỗi: " in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "mật khẩu sai" not in page


def test_a_session_from_before_is_not_carried_over(desk: Desk) -> None:
    desk.person("sang-loc", (SCREENER, Role.SCREENER))
    desk.client.set_cookie("dt_session", "chosen-by-somebody-else")
    assert desk.sign_in("sang-loc").status_code == 303
    first = desk.cookie()
    assert first != "chosen-by-somebody-else"
    assert desk.sign_in("sang-loc").status_code == 303
    assert desk.cookie() != first
    desk.client.set_cookie("dt_session", first or "")
    assert desk.client.get("/account").status_code == 303


def test_a_form_of_another_site_signs_nobody_in(desk: Desk) -> None:
    desk.person("sang-loc", (SCREENER, Role.SCREENER))
    form = {"login": "sang-loc", "password": PASSWORD}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        assert desk.client.post("/account/sign-in", data=form, headers=headers).status_code == 403
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert desk.client.post("/account/sign-in", data=form, headers=ours).status_code == 303


def test_the_seat_s_rights_hold_for_the_api_too(screener: Desk) -> None:
    assert screener.client.get(OPINIONS).status_code == 200
    assert screener.client.get("/opinions?province=ha-nam").status_code == 403
    assert screener.client.get("/access/tokens").status_code == 403


@pytest.mark.parametrize("csrf", [None, "", "x", "ế"])
def test_without_a_page_s_word_a_browser_changes_nothing(screener: Desk, csrf: str | None) -> None:
    form = {} if csrf is None else {"csrf": csrf}
    answer = screener.client.post("/account/seat", data={"seat": SCREENER, **form})
    assert answer.status_code == 403
    assert "request.other_site" in answer.get_data(as_text=True)
    headers = {} if csrf is None else {"X-CSRF-Token": csrf.encode().decode("latin-1")}
    accept = screener.client.post("/opinions/accept", json={"opinion_ids": []}, headers=headers)
    assert accept.status_code == 403


def test_with_it_the_api_answers_as_to_a_token(screener: Desk) -> None:
    headers = {"X-CSRF-Token": screener.csrf()}
    body = {"opinion_ids": ["00000000-0000-0000-0000-000000000000"]}
    answer = screener.client.post("/opinions/accept", json=body, headers=headers)
    assert answer.status_code not in (401, 403)


def test_who_is_on_two_seats_chooses_one_and_sees_which(desk: Desk) -> None:
    desk.person("hai", (SCREENER, Role.SCREENER), (SUPERVISOR, Role.SUPERVISOR))
    desk.sign_in("hai")
    assert desk.client.get(OPINIONS).get_json()["code"] == "people.no_seat"
    form = {"csrf": desk.csrf(), "seat": SUPERVISOR, "next": "/intake/account"}
    assert desk.client.post("/account/seat", data=form).location == "/intake/account"
    page = desk.client.get("/account").get_data(as_text=True)
    assert f"<small>{SUPERVISOR}</small>" in page
    assert "người giám sát" in page
    other = {**form, "seat": "ubnd/khac"}
    assert desk.client.post("/account/seat", data=other).status_code == 403


def test_signing_out_ends_it_here_and_at_the_server(screener: Desk) -> None:
    kept = screener.cookie()
    answer = screener.client.post("/account/sign-out", data={"csrf": screener.csrf()})
    assert answer.location == "/intake/account/sign-in"
    assert screener.cookie() is None
    screener.client.set_cookie("dt_session", kept or "")
    assert screener.client.get("/account").status_code == 303


def test_another_site_signs_nobody_out(screener: Desk) -> None:
    assert screener.client.post("/account/sign-out").status_code == 403
    assert screener.client.get("/account").status_code == 200


def test_a_person_chooses_a_password_once(desk: Desk) -> None:
    person_id = desk.person("moi", (SCREENER, Role.SCREENER))
    address = f"/account/welcome/{desk.people.links.make(person_id)}"
    assert desk.client.get(address).status_code == 200
    for password, again, told in (
        ("một mật khẩu mới", "một mật khẩu khác", "không giống nhau"),
        ("ngắn", "ngắn", "ít nhất 12 ký tự"),
    ):
        refused = desk.client.post(address, data={"password": password, "again": again})
        assert refused.status_code == 422
        assert told in refused.get_data(as_text=True)
    chosen = {"password": "một mật khẩu mới", "again": "một mật khẩu mới"}
    assert desk.client.post(address, data=chosen).status_code == 303
    assert desk.client.get("/account").status_code == 200
    assert desk.client.get(address).status_code == 404
    assert desk.client.post(address, data=chosen).status_code == 404
    assert desk.sign_in("moi").status_code == 401
    assert desk.sign_in("moi", "một mật khẩu mới").status_code == 303


def test_pages_speak_english_to_who_wants_it(screener: Desk) -> None:
    form = {"csrf": screener.csrf(), "language": "en", "next": "/intake/account"}
    assert screener.client.post("/account/language", data=form).status_code == 303
    page = screener.client.get("/account").get_data(as_text=True)
    assert '<html lang="en">' in page
    assert "The seats you are on" in page
    screener.client.post("/account/language", data={**form, "language": "xx"})
    assert '<html lang="en">' in screener.client.get("/account").get_data(as_text=True)


def test_every_page_leaves_with_what_keeps_it_to_itself(desk: Desk) -> None:
    for address in ("/account/sign-in", "/account/welcome/x", "/account"):
        headers = desk.client.get(address).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_a_problem_is_a_page_where_a_page_was_wanted(desk: Desk) -> None:
    answer = desk.client.get("/account/welcome/khong-co")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    page = answer.get_data(as_text=True)
    assert "Liên kết đã dùng hoặc hết hạn" in page
    assert "<code>people.link_over</code>" in page
