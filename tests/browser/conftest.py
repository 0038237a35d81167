"""The pages in a real browser: servers, pages that may speak to nobody else, and axe.

``product``     the real product: `barometer build` into a folder of its own, then `barometer serve`
``shell_site``  the same server with `shell_pages/`, whose page fails, hangs or dies on demand
``impatient``   a server of its own that soon ends a page without a browser
``page_at``     opens an address of a site; the test fails when the page asks any other machine, has
                an error on its console, or throws
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[2]
SHELL_PAGES = Path(__file__).parent / "shell_pages"
AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
STARTS_WITHIN = 60
LOOPBACK = {"127.0.0.1", "localhost"}
expect.set_options(timeout=20_000)  # a busy machine answers late; what never comes still fails


@dataclass
class Site:
    """A running server: its address, its process, and what it wrote to its log so far."""

    address: str
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)

    def says(self) -> str:
        """The log as one text."""
        return "".join(self.log)


@dataclass
class Watch:
    """What a page did that it should not have done."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def browser_path() -> str | None:
    """Give the browser's program, or None where there is none."""
    named = os.environ.get("BAROMETER_CHROMIUM")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def served(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[Site]:
    """Start a server, wait for its address, and end it afterwards."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    site = Site("", process)
    answered = threading.Event()
    threading.Thread(target=_read_log, args=(site,), daemon=True).start()
    threading.Thread(target=_read_address, args=(site, answered), daemon=True).start()
    if not answered.wait(STARTS_WITHIN) or not site.address:
        process.kill()
        pytest.fail(f"the server did not start:\n{site.says()}")
    try:
        yield site
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def _read_log(site: Site) -> None:
    assert site.process.stderr is not None
    site.log.extend(site.process.stderr)


def _read_address(site: Site, answered: threading.Event) -> None:
    assert site.process.stdout is not None
    for line in site.process.stdout:
        if not site.address and (start := line.find("http://")) >= 0:
            site.address = line[start:].split()[0]
            answered.set()
    answered.set()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real product on the shipped data, built anew."""
    folder = tmp_path_factory.mktemp("product")
    program = shutil.which("barometer", path=str(Path(sys.executable).parent))
    assert program is not None, "the command line is not installed in this environment"
    barometer = [program]
    store = ["--store", str(folder / "store.pointer")]
    built = subprocess.run(
        [*barometer, "build", "--data", str(REPOSITORY / "data"), *store],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr + built.stdout
    yield from served([*barometer, "serve", "--port", "0", *store], REPOSITORY, {})


@pytest.fixture(scope="session")
def shell_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server with pages made for these tests, started in a folder with a hostile setting."""
    yield from shell_served(tmp_path_factory.mktemp("shell"))


def shell_served(folder: Path, **given: object) -> Iterator[Site]:
    """Serve `shell_pages/` from a copy, with further arguments of `run`."""
    pages = folder / "dashboards"
    shutil.copytree(SHELL_PAGES, pages, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "voila.py").write_text(
        "c.VoilaConfiguration.show_tracebacks = True\nc.Voila.port = 1\n", encoding="utf-8"
    )
    start = (
        "from pathlib import Path; from barometer_lib.serve import run; "
        f"raise SystemExit(run(port=0, dashboards=Path('dashboards'), **{given!r}))"
    )
    yield from served([sys.executable, "-P", "-c", start], folder, {})


@pytest.fixture
def full_house(tmp_path: Path) -> Iterator[Site]:
    """A server with room for one reader per dashboard."""
    yield from shell_served(tmp_path, readers=0, base_url="/city/")


@pytest.fixture
def alone() -> int:
    """The seconds after which the server `impatient` ends a page without a browser."""
    return 6


@pytest.fixture
def impatient(tmp_path: Path, alone: int) -> Iterator[Site]:
    """A server that ends a page without a browser after `alone` seconds."""
    yield from shell_served(tmp_path, alone=alone)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    program = browser_path()
    if program is None:
        if os.environ.get("BAROMETER_NO_BROWSER") == "1":
            pytest.skip("no browser, and BAROMETER_NO_BROWSER=1 says to go on without")
        pytest.fail("no Chromium found; install it or name it in BAROMETER_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def watch() -> Watch:
    """What the test's pages did wrong; looked at when the test has ended."""
    return Watch()


@pytest.fixture
def page_at(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open an address: ``page_at(site, "overview?lang=en", width=390)``."""
    contexts: list[tuple[Site, BrowserContext]] = []

    def open_page(site: Site, path: str = "", *, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, bypass_csp=False, locale="da-DK", **options
        )
        contexts.append((site, context))
        context.set_default_timeout(20_000)
        context.route(_is_foreign, lambda route: _refuse(route, watch))
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and watch.errors.append(said.text))
        page.on("pageerror", lambda thrown: watch.errors.append(str(thrown)))
        page.goto(site.address + path, wait_until="domcontentloaded")
        return page

    yield open_page
    for site, context in contexts:
        for page in context.pages:
            if not page.is_closed():
                leave(page, site)
        context.close()
    assert watch.foreign == []
    assert watch.errors == []


def leave(page: Page, site: Site) -> None:
    """Leave a dashboard as a reader does, which ends its kernel."""
    page.goto(site.address + "static/icon.svg")


def _is_foreign(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK


def _refuse(route: Route, watch: Watch) -> None:
    watch.foreign.append(route.request.url)
    route.abort()


@pytest.fixture
def axe_faults() -> Callable[[Page], list[str]]:
    """Serious and critical accessibility faults of what a page shows now.

    The page must be shown first: an empty page has no faults.
    """

    def faults(page: Page) -> list[str]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {[node['target'] for node in one['nodes']]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]

    return faults
