"""A page that is open in a browser, and everything that it did behind one's back."""

from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Dialog, Error, Page, Request

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
ICON = "/static/mark.svg"
WIDTHS_PX = (320, 390, 1280, 1440)


@dataclass
class Visit:
    """What somebody does with a page; `complaints` are what the browser found wrong with it."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", self._on_error)
        self.page.on("dialog", self._on_dialog)
        self.page.on("request", self._on_request)

    def open(self, address: str) -> None:
        """Open a page, and return once it has all that it needs; from then on it is offline."""
        with self.page.expect_request_finished(lambda request: request.url.endswith(ICON)):
            self.page.goto(address)  # the browser asks for the icon when it likes
        self.page.evaluate("document.fonts.ready")
        self.requests.clear()
        self.page.context.set_offline(offline=True)

    def faults(self) -> list[str]:
        """Return what axe-core finds against WCAG 2.2 AA and good practice."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", list(RULES)
        )
        return [
            f"{each['id']}: {node['html']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    def sideways_px(self, width_px: int) -> int:
        """Return by how much the page is wider than a window of that width."""
        self.page.set_viewport_size({"width": width_px, "height": 700})
        wide: int = self.page.evaluate("document.documentElement.scrollWidth")
        return wide - width_px

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _on_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _on_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_request(self, request: Request) -> None:
        self.requests.append(request.url)
