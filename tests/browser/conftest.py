"""A browser for the tests of a module, and the front that serves it pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.gateway import passed_on
from tests.browser.visit import Visit
from tests.deploy.web_servers import serving_app
from tests.servers.packages import chromium_program


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield the browser. Not for longer than a module: its event loop is the process's."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_program())
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def front() -> Iterator[str]:
    """Yield the address of a front whose services are all away: pages need none of them."""
    with serving_app(passed_on({})) as (host, port):
        yield f"http://{host}:{port}"


@pytest.fixture
def visit(browser: Browser, front: str) -> Iterator[Visit]:
    """Yield a visit to the front that must end without a complaint of the browser."""
    context = browser.new_context(base_url=front)
    visit = Visit(context.new_page())
    yield visit
    context.close()
    assert visit.complaints == []
