"""The page that checks a proof: right about every file, silent on the network, open to all."""

import base64
import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Error, expect

from shared.eventlog.note_key import KeyKind, Signer, VerifierKey
from shared.eventlog.tlog_proof import PROOF_MAX_BYTES
from shared.web.public_files import POLICY, public_files
from tests.browser.proofs import (
    BY_LOG_ALONE,
    INDEX,
    KEY,
    LOG,
    ORIGIN,
    SIZE,
    SPOILT,
    STRANGER,
    TRUE,
    WITNESS_KEY,
    alone,
    proof,
    said,
)
from tests.browser.visit import WIDTHS_PX, Visit
from tests.deploy.audit.proving.oddities import BEFORE_A_KEY, READABLE, UNREADABLE
from tests.deploy.audit.tampering import INTAKE, keys_file, prepared
from tests.deploy.commands import called
from tests.shared.eventlog.test_curve_point import OTHERWISE, SMALL, signed

pytestmark = pytest.mark.timeout(300)  # a browser may have to be installed first

HEADINGS = {
    "proven": "Đúng, có bằng chứng · Proven",
    "disproven": "Sai, có bằng chứng · Disproven",
    "unknown": "Không kết luận được · Can't tell",
}
KEYS = f"{KEY}\n{WITNESS_KEY}\n"
PAGE = public_files()["/proof"].content.decode()
SCRIPT = public_files()["/static/proof.js"].content.decode()
ASK = """async ([content, keys]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const { verdict, reason } = await checkProof(bytes, keys);
  return [verdict, reason];
}"""
PATIENTLY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def give(visit: Visit, content: bytes, keys: str, *, name: str = "y-kien.tlog-proof") -> str:
    """Choose a file, paste the keys, press the button; return the heading of the verdict."""
    page = visit.page
    page.get_by_label("Tệp chứng minh").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_label("Khóa của sổ").fill(keys)
    page.evaluate("document.getElementById('ket-luan').replaceChildren()")
    page.get_by_role("button", name="Kiểm tra tệp").click()
    return page.locator("#ket-luan h2").inner_text()


def ask(visit: Visit, content: bytes, keys: str) -> tuple[str, str | None]:
    """Return verdict and reason of the page's script about a file."""
    verdict, reason = visit.page.evaluate(ASK, [base64.b64encode(content).decode(), keys])
    return verdict, reason


def fact(visit: Visit, name: str) -> str:
    return visit.page.locator(f"#f-{name}").inner_text()


def test_a_true_proof_is_proven_and_shown(visit: Visit) -> None:
    visit.open("/proof")
    assert give(visit, TRUE, KEYS) == HEADINGS["proven"]
    assert visit.page.get_by_text("Sự kiện được chứng minh").is_visible()
    assert not visit.page.get_by_text("Điều tệp này nêu").is_visible()
    assert fact(visit, "id") == f"018f3c1e-{INDEX:04}"
    assert fact(visit, "type") == "OpinionReceived"
    assert fact(visit, "subject") == f"opinion-{INDEX}"
    assert fact(visit, "time") == "20/11/2026 09:15"
    assert fact(visit, "actor") == "ba-dinh/thu-ky"
    assert (fact(visit, "origin"), fact(visit, "index"), fact(visit, "size")) == (
        ORIGIN,
        str(INDEX),
        str(SIZE),
    )
    assert fact(visit, "log") == f"{ORIGIN} ({LOG.key.key_id.hex()})"
    assert fact(visit, "witnesses").endswith(", 15/11/2023 05:13")
    assert fact(visit, "others") == "—"
    assert '"channel": "letter"' in fact(visit, "entry")
    assert visit.page.title() == "Đúng, có bằng chứng – Đối Thoại"
    assert visit.page.evaluate("document.activeElement.tagName") == "H2"
    assert visit.requests == []


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_proof_is_never_proven_and_the_reason_is_the_command_s(
    visit: Visit, name: str
) -> None:
    visit.open("/proof")
    verdict, code = said(SPOILT[name], [KEY, WITNESS_KEY])
    assert verdict != "proven"
    assert ask(visit, SPOILT[name], KEYS) == (verdict, code)
    assert give(visit, SPOILT[name], KEYS) == HEADINGS[verdict]
    told = visit.page.locator("#ly-do").inner_text()
    assert told.split() == template(code or "").split()
    assert not visit.page.get_by_text("Sự kiện được chứng minh").is_visible()
    assert visit.requests == []


def template(code: str) -> str:
    """Return the words of a reason, as they stand in the page."""
    found = re.search(rf'<template id="{re.escape(code)}">(.*?)</template>', PAGE)
    assert found is not None, code
    plain = re.sub(r"</p>", " ", found[1])
    return re.sub(r"<[^>]*>", "", plain)


def test_only_what_the_keys_say_is_believed(visit: Visit) -> None:
    visit.open("/proof")
    elsewhere = str(Signer.generate("doithoai.test/ha-nam/intake", KeyKind.LOG).key)
    for content, keys in (
        (TRUE, [str(STRANGER.key)]),
        (TRUE, [str(STRANGER.key), KEY]),
        (TRUE, [elsewhere]),
        (TRUE, [WITNESS_KEY]),
        (TRUE, [KEY, KEY]),
        (BY_LOG_ALONE, [KEY]),
        (BY_LOG_ALONE, [KEY, WITNESS_KEY]),
    ):
        assert ask(visit, content, "\n".join(keys)) == said(content, keys)
    assert ask(visit, TRUE, "") == ("unknown", "page.no_key")
    name, key_id, encoded = KEY.split("+", 2)
    for wrong in (
        "x",
        KEY[:-1],
        KEY.replace("+", " "),
        f"{KEY}\n<script>",
        f"{ORIGIN}+00000000+AQ==",
        f"{name}+{int(key_id, 16) ^ 1:08x}+{encoded}",
        f"{name} +{key_id}+{encoded}",
    ):
        assert ask(visit, TRUE, wrong) == ("unknown", "eventlog.key_malformed")
    assert ask(visit, TRUE, f"  {KEY}\r\n\r\n") == ("proven", None)
    assert ask(visit, TRUE, "\n".join(f"x{n}" for n in range(1001))) == (
        "unknown",
        "audit.too_many_given",
    )


@pytest.mark.parametrize("name", [*READABLE, *UNREADABLE])
def test_page_and_command_read_any_entry_by_one_rule(visit: Visit, name: str) -> None:
    visit.open("/proof")
    content = alone({**READABLE, **UNREADABLE}[name])
    another = ("disproven", "audit.proof_of_another_log")
    expected = another if name in READABLE else ("proven", None)
    assert said(content, [KEY, WITNESS_KEY]) == expected
    assert ask(visit, content, KEYS) == expected


def test_page_and_command_read_any_file_of_keys_by_one_rule(visit: Visit) -> None:
    visit.open("/proof")
    for before, is_key in BEFORE_A_KEY.items():
        told = ("proven", None) if is_key else ("unknown", "eventlog.key_malformed")
        assert ask(visit, TRUE, f"{before}{KEY}") == told
    assert ask(visit, TRUE, f"{KEY}\n" * 1500) == ("proven", None)
    assert ask(visit, TRUE, f"{KEY}\n" * 4000) == ("unknown", "audit.too_many_given")


@pytest.mark.parametrize("public", [*SMALL, *map(signed, SMALL), *OTHERWISE])
def test_no_point_that_is_no_key_is_taken(visit: Visit, public: bytes) -> None:
    visit.open("/proof")
    key = VerifierKey(name=ORIGIN, kind=KeyKind.LOG, public=public)
    assert ask(visit, TRUE, str(key)) == ("unknown", "eventlog.key_malformed")


def test_what_the_command_writes_is_proven(visit: Visit, tmp_path: Path) -> None:
    deployed = prepared(tmp_path)
    file = tmp_path / "y-kien.tlog-proof"
    log = next(each for each in deployed.logs() if each.origin == INTAKE)
    (content,) = log.entries(100, 101)
    event_id = json.loads(content)["id"]
    assert deployed.audit("prove", event_id, "--out", str(file)).status == 0
    visit.open("/proof")
    keys = keys_file(deployed).read_text(encoding="ascii")
    assert give(visit, file.read_bytes(), keys) == HEADINGS["proven"]
    assert (fact(visit, "id"), fact(visit, "index")) == (event_id, "100")
    assert fact(visit, "entry").encode() == content


LARGEST = {
    "an entry of letters that turn the text": proof(subject="\u202e" * 40_000),
    "an entry of brackets": proof(data="[" * 120_000),
    "a log's name without end": proof("x" * 255, [Signer.generate("x" * 255, KeyKind.LOG)]),
    "lines without end": TRUE + b"x\n" * 120_000,
    "signatures without end": TRUE + "— x AAAAAAA=\n".encode() * 15_000,
    "empty lines without end": TRUE + b"\n" * 260_000,
    "spaces without end": TRUE[:-1] + b" " * 260_000 + b"\n",
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_files_are_answered_at_once_and_fit(visit: Visit, name: str) -> None:
    visit.open("/proof")
    start = time.monotonic()
    heading = give(visit, LARGEST[name], KEYS)
    assert time.monotonic() - start < 5
    assert heading == HEADINGS[said(LARGEST[name], [KEY, WITNESS_KEY])[0]]
    assert visit.sideways_px(320) <= 0


def test_without_scripts_the_page_says_what_else_to_do(browser: Browser, front: str) -> None:
    context = browser.new_context(base_url=front, java_script_enabled=False)
    page = context.new_page()
    page.goto("/proof")
    assert page.get_by_role("heading", name="Trang này cần JavaScript").is_visible()
    context.close()


def test_a_huge_file_is_refused_unread(visit: Visit) -> None:
    visit.open("/proof")
    assert give(visit, bytes(PROOF_MAX_BYTES + 1), KEYS) == HEADINGS["unknown"]
    assert "512 KB" in visit.page.locator("#ly-do").inner_text()


@pytest.mark.parametrize(("size", "index"), [(1, 0), (2, 1), (255, 254), (256, 0), (257, 256)])
def test_logs_of_every_shape_are_proven(visit: Visit, size: int, index: int) -> None:
    visit.open("/proof")
    assert ask(visit, proof(size=size, index=index), KEYS) == ("proven", None)


HOSTILE = '"><img/src=x/onerror=alert(1)><script>alert(2)</script>'


def test_hostile_text_stays_text(visit: Visit) -> None:
    signer = Signer.generate(HOSTILE, KeyKind.LOG)
    reversed_ = "\u202egnp.exe"
    content = proof(HOSTILE, [signer], subject=f"{HOSTILE} {reversed_}\x07", id=HOSTILE)
    visit.open("/proof")
    assert give(visit, content, str(signer.key), name=f"{HOSTILE[2:9]}.txt") == HEADINGS["proven"]
    assert fact(visit, "origin") == HOSTILE
    assert fact(visit, "subject") == f"{HOSTILE} \\u{{202e}}gnp.exe\\u{{7}}"
    assert visit.page.locator("#ket-qua img, #ket-qua script").count() == 0
    assert visit.requests == []


def test_what_is_no_event_is_shown_as_it_is(visit: Visit) -> None:
    visit.open("/proof")
    content = proof(id=12, type=["x"], subject="x" * 10_000, time="2026-13-01T00:00:00Z")
    assert give(visit, content, KEYS) == HEADINGS["proven"]
    assert fact(visit, "time") == "2026-13-01T00:00:00Z"
    assert (fact(visit, "id"), fact(visit, "type")) == ("—", "—")
    assert len(fact(visit, "subject")) == 301


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw the proof with some bytes replaced, removed or added."""
    start = draw(st.integers(0, len(TRUE)))
    end = draw(st.integers(start, min(len(TRUE), start + 3)))
    return TRUE[:start] + draw(st.binary(max_size=3)) + TRUE[end:]


def test_page_and_command_agree_about_any_file(visit: Visit) -> None:
    visit.open("/proof")

    @PATIENTLY
    @given(damaged() | st.binary(max_size=100))
    def agree(content: bytes) -> None:
        assert ask(visit, content, KEYS) == said(content, [KEY, WITNESS_KEY])

    agree()


CRIPPLED = {
    "page.no_ed25519": "crypto.subtle.importKey = async () => { throw new Error('unknown'); }",
    "page.no_ed25519 ": "crypto.subtle.verify = async () => true",
    " page.no_ed25519": "crypto.subtle.verify = async () => false",
    "page.no_crypto": "Object.defineProperty(crypto, 'subtle', { value: undefined })",
}


@pytest.mark.parametrize("reason", CRIPPLED)
def test_a_browser_that_can_not_verify_says_so(visit: Visit, reason: str) -> None:
    visit.page.add_init_script(CRIPPLED[reason])
    visit.open("/proof")
    assert ask(visit, TRUE, KEYS) == ("unknown", reason.strip())
    assert give(visit, TRUE, KEYS) == HEADINGS["unknown"]


def test_every_reason_has_its_words_in_both_languages() -> None:
    thrown = set(re.findall(r'"((?:eventlog|audit|page)\.[a-z_0-9]+)"', SCRIPT))
    thrown |= set(
        re.findall(
            r'"((?:eventlog|audit|page)\.[a-z_0-9]+)"',
            public_files()["/static/proof_page.js"].content.decode(),
        )
    )
    worded = dict(re.findall(r'<template id="([a-z]+\.[a-z_0-9]+)">(.*?)</template>', PAGE))
    assert set(worded) == thrown
    assert [code for code, words in worded.items() if not re.fullmatch(WORDS, words)] == []


WORDS = r'<p>[^\n]+</p><p lang="en">[^\n]+</p>'


def test_the_page_keeps_its_policy_and_states_it(browser: Browser, front: str) -> None:
    assert f'content="{POLICY}"' in PAGE
    page = browser.new_page(base_url=front)
    answer = page.goto("/proof")
    assert answer is not None
    headers = answer.all_headers()
    assert headers["content-security-policy"] == f"{POLICY}; frame-ancestors 'none'"
    assert headers["referrer-policy"] == "no-referrer"
    for attack in (
        "document.body.innerHTML = '<img src=x onerror=hacked=1>'",
        "document.body.append(Object.assign(document.createElement('script'), {text: 'hacked=1'}))",
        "fetch('/proof')",
        "import('data:text/javascript,hacked=1')",
    ):
        with pytest.raises(Error):
            page.evaluate(f"async () => {{ await {attack}; }}")
    assert page.evaluate("typeof hacked") == "undefined"
    page.close()


@pytest.mark.parametrize("width_px", WIDTHS_PX)
def test_everybody_can_use_it_at_every_width(visit: Visit, width_px: int) -> None:
    visit.page.set_viewport_size({"width": width_px, "height": 700})
    visit.open("/proof")
    assert visit.sideways_px(width_px) <= 0
    assert visit.faults() == []
    for content in (TRUE, SPOILT["another entry"], SPOILT["no proof"], proof(subject="x" * 900)):
        give(visit, content, KEYS)
        assert visit.sideways_px(width_px) <= 0
        assert visit.faults() == []


def test_it_works_with_the_keyboard_alone(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "y-kien.tlog-proof"
    file.write_bytes(TRUE)
    visit.page.on("filechooser", lambda chooser: chooser.set_files(file))
    visit.open("/proof")
    keyboard = visit.page.keyboard
    keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(visit.page.locator("#tep")).to_have_value(re.compile(file.name))
    keyboard.press("Tab")
    keyboard.insert_text(KEYS)
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert visit.page.locator("#ket-luan h2").inner_text() == HEADINGS["proven"]
    assert visit.page.evaluate("document.activeElement.tagName") == "H2"
    keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.id") == "f-entry"


def test_a_file_can_be_dropped(visit: Visit) -> None:
    visit.open("/proof")
    visit.page.evaluate(
        """text => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "y-kien.tlog-proof"));
          const to = document.getElementById("tha-tep");
          for (const type of ["dragover", "drop"]) {
            const told = { dataTransfer, bubbles: true, cancelable: true };
            to.dispatchEvent(new DragEvent(type, told));
          }
        }""",
        TRUE.decode(),
    )
    visit.page.get_by_label("Khóa của sổ").fill(KEYS)
    visit.page.get_by_role("button", name="Kiểm tra tệp").click()
    assert visit.page.locator("#ket-luan h2").inner_text() == HEADINGS["proven"]


def test_a_copy_on_a_disc_does_the_same(visit: Visit, tmp_path: Path) -> None:
    ended = called({}, "audit", "page", str(tmp_path / "trang"))
    assert ended.status == 0
    visit.open(Path(ended.out.strip()).as_uri())
    assert give(visit, TRUE, KEYS) == HEADINGS["proven"]
    assert give(visit, SPOILT["another hash"], KEYS) == HEADINGS["disproven"]
    assert visit.page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"')")
    assert visit.requests == []
