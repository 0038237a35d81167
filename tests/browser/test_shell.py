"""The shell of a dashboard: what holds on every page, whatever a view puts into it."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websocket
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SECRETS = re.compile(r"hunter2|/etc/secret|Traceback|RuntimeError|site-packages")
DASHBOARDS = sorted(
    notebook.stem for notebook in (Path(__file__).parents[2] / "dashboards").glob("*.ipynb")
)
OpenPage = Callable[..., Page]


def shown(page: Page, series: str = "jobs", lang: str = "da") -> None:
    """Wait until the page shows a series, its chart drawn."""
    expect(page.locator("#said")).to_have_text(f"Shown {series} {lang}")
    expect(page.locator("[data-chart] .main-svg").first).to_be_visible()


def choose(page: Page, series: str) -> None:
    """Choose a series in the page's control."""
    page.get_by_label("Series").select_option(series)


def kernel_of(page: Page) -> str:
    """The id of the page's kernel."""
    config = page.locator("#jupyter-config-data").text_content()
    assert config is not None
    return str(json.loads(config)["kernelId"])


def fits(page: Page) -> bool:
    """Tell whether the page needs no sideways scroll, once its charts follow a new width."""
    deadline = time.monotonic() + 3
    while not (fitting := page.evaluate("document.documentElement.scrollWidth <= innerWidth")):
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    return bool(fitting)


def status_of(address: str) -> int:
    """The HTTP status of an address."""
    try:
        with urllib.request.urlopen(address) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_headline_stands_before_the_kernel_answers(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe")
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("h1").count() == 1
    shown(page)


def test_headline_needs_no_kernel(shell_site) -> None:
    with urllib.request.urlopen(shell_site.address + "probe?lang=en") as answer:
        first = answer.read(4000).decode()
    assert '<html lang="en"' in first
    assert "<h1>Probe</h1>" in first
    assert "Fetching figures" in first


@pytest.mark.parametrize(
    ("query", "lang", "site", "skip"),
    [
        ("", "da", "Integrationsbarometer", "Gå til indholdet"),
        ("?lang=en", "en", "Integration Barometer", "Skip to the content"),
        ("?lang=xx'><script>", "da", "Integrationsbarometer", "Gå til indholdet"),
    ],
)
def test_language_title_and_landmarks(shell_site, page_at: OpenPage, query, lang, site, skip):
    page = page_at(shell_site, "probe" + query)
    shown(page, lang=lang)
    assert page.locator("html").get_attribute("lang") == lang
    assert page.title() == f"Title jobs · {site}"
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("banner")).to_be_visible()
    expect(page.get_by_role("contentinfo")).to_be_visible()
    assert page.get_by_role("navigation").count() == 2
    page.keyboard.press("Tab")
    expect(page.get_by_text(skip)).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_language_switch_keeps_the_view(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe")
    shown(page)
    choose(page, "schools")
    shown(page, "schools")
    page.get_by_role("link", name="English").click()
    shown(page, "schools", "en")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "series=schools" in page.url


def test_demo_is_marked_and_left_with_one_click(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe?dataset=demo&series=schools")
    shown(page, "schools")
    expect(page.locator("main .banner--synthetic")).to_contain_text("Syntetiske tal · demoby")
    page.get_by_role("link", name="Gå til de offentliggjorte tal").click()
    shown(page)
    expect(page.locator(".banner--synthetic")).to_have_count(0)
    assert "dataset=published" in page.url


@pytest.mark.parametrize("width", [1280, 390])
def test_no_sideways_scroll_and_no_accessibility_fault(
    shell_site, page_at: OpenPage, axe_faults, width
) -> None:
    page = page_at(shell_site, "probe?dataset=demo", width=width)
    shown(page)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.get_by_role("region", name="Wide table")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    assert axe_faults(page) == []


def test_no_accessibility_fault_where_something_went_wrong(
    shell_site, page_at: OpenPage, axe_faults
) -> None:
    page = page_at(shell_site, "probe?series=fails")
    expect(page.get_by_role("alert")).to_be_visible()
    assert axe_faults(page) == []


def test_charts_are_danish_and_named_and_not_for_sharing(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe")
    shown(page)
    chart = page.get_by_role("figure", name="Line of jobs")
    expect(chart).to_be_visible()
    text = chart.text_content() or ""
    assert "maj" in text
    assert "okt" in text
    assert "1.300,0" in text
    chart.hover()
    assert page.locator(".modebar").count() == 0
    assert "share" not in (page.locator("body").inner_html().lower())


def test_address_names_the_view_and_back_works(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe")
    shown(page)
    assert "series=jobs" in page.url
    choose(page, "schools")
    shown(page, "schools")
    assert "series=schools" in page.url
    page.go_back()
    shown(page)
    assert "series=jobs" in page.url
    expect(page.get_by_label("Series")).to_have_value("jobs")
    page.go_forward()
    shown(page, "schools")
    page.reload()
    shown(page, "schools")


def test_links_and_downloads_of_the_content(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe")
    shown(page)
    page.locator("#how summary").click()
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Schools").click()
    shown(page, "schools")
    assert page.evaluate("window.stayed")
    expect(page.locator("#how .details-text")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save").click()
    assert saved.value.suggested_filename == "shown.csv"
    assert Path(saved.value.path()).read_text(encoding="utf-8") == "a;b\nschools;1,5\n"


def test_unknown_state_is_corrected_in_the_address(shell_site, page_at: OpenPage) -> None:
    page = page_at(
        shell_site, "probe?series=%3Cimg%20src=x%20onerror=alert(1)%3E&lang=zz&x=" + "y" * 999
    )
    shown(page)
    expect(page.get_by_text("Corrected.")).to_be_visible()
    assert page.url.endswith("probe?series=jobs&lang=da&dataset=published")


def test_failure_is_one_sentence_and_no_old_picture(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe")
    shown(page)
    choose(page, "fails")
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible()
    said = alert.inner_text()
    assert said.startswith("Siden kunne ikke laves.")
    assert page.locator(".dashboard-content").inner_html() == ""
    assert not SECRETS.search(page.content())
    reference = re.search(r"fejlnummer (\w{6})", said)
    assert reference
    deadline = time.monotonic() + 10
    while f"[{reference[1]}]" not in shell_site.says() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert f"[{reference[1]}]" in shell_site.says()
    assert "hunter2 in /etc/secret" in shell_site.says()
    choose(page, "schools")
    shown(page, "schools")
    expect(alert).to_have_count(0)


def test_nothing_of_a_failure_crosses_the_websocket(shell_site, browser) -> None:
    frames: list[str | bytes] = []

    def keep(frame: str | bytes) -> None:
        frames.append(frame)

    context = browser.new_context()
    page = context.new_page()
    page.on("websocket", lambda opened: opened.on("framereceived", keep))
    page.goto(shell_site.address + "probe?series=fails")
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto(shell_site.address + "static/icon.svg")
    context.close()
    heard = b"".join(one if isinstance(one, bytes) else one.encode() for one in frames)
    assert b"Siden kunne ikke laves" in heard or b"Siden kunne ikke laves" in heard.replace(
        b"\\u", b""
    )
    assert not SECRETS.search(heard.decode("utf-8", "replace"))


@pytest.mark.parametrize("fate", ["hangs", "dies"])
def test_picture_is_blank_until_an_answer_and_the_reader_is_told(
    shell_site, page_at: OpenPage, fate
) -> None:
    page = page_at(shell_site, "probe")
    shown(page)
    page.clock.install()
    choose(page, fate)
    expect(page.get_by_text("Henter tal …")).to_be_visible()
    assert page.locator(".dashboard-content").inner_html() == ""
    page.clock.fast_forward(15_001)
    expect(page.get_by_role("alert")).to_contain_text("Forbindelsen til barometeret er afbrudt")
    assert page.locator(".dashboard-content").inner_html() == ""
    expect(page.get_by_label("Series")).to_be_disabled()


def test_dead_kernel_is_noticed_without_a_choice(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe")
    page.clock.install()
    page.reload()
    shown(page)
    kernel = kernel_of(page)
    page.evaluate("kernel => fetch(`/voila/api/shutdown/${kernel}`, {method: 'POST'})", kernel)
    page.clock.run_for(20_001)
    page.clock.run_for(10_001)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Forbindelsen til barometeret er afbrudt")
    assert page.locator(".dashboard-content").inner_html() == ""
    expect(page.get_by_label("Series")).to_be_disabled()
    page.clock.resume()
    alert.get_by_role("link", name="Hent siden igen").click()
    shown(page)


def test_cell_that_fails_says_so(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "broken")
    expect(page.get_by_role("alert")).to_have_text(
        "Siden kunne ikke vises. Fejlen er skrevet i serverens log."
    )
    assert not SECRETS.search(page.content())


def test_leaving_the_page_ends_its_kernel(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe")
    shown(page)
    kernel = f"{shell_site.address}api/kernels/{kernel_of(page)}"
    assert status_of(kernel) == 200
    page.goto(shell_site.address + "static/boot.js")
    deadline = time.monotonic() + 10
    while status_of(kernel) == 200 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert status_of(kernel) == 404


def fetched(site, path: str = "probe") -> str:
    """Fetch a page without running its scripts; give the address of its kernel."""
    with urllib.request.urlopen(site.address + path) as answer:
        found = re.search(r'"kernelId": "([0-9a-f-]{36})"', answer.read().decode())
    assert found
    return f"{site.address}api/kernels/{found[1]}"


def gone(kernel: str, within: float) -> bool:
    """Wait until a kernel has ended; tell whether it has."""
    deadline = time.monotonic() + within
    while status_of(kernel) == 200:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def channel(kernel: str) -> websocket.WebSocket:
    """A browser's connection to a kernel."""
    address = kernel.replace("http", "ws", 1) + "/channels?session_id=s"
    return websocket.create_connection(address, timeout=5)


def test_kernel_without_a_browser_is_ended_and_a_connected_one_kept(impatient, alone) -> None:
    never, read = fetched(impatient), fetched(impatient)
    reader = channel(read)
    assert status_of(never) == 200
    assert gone(never, within=3 * alone)
    time.sleep(alone)
    assert status_of(read) == 200
    reader.abort()  # no word of farewell
    assert status_of(read) == 200
    assert gone(read, within=3 * alone)


def test_browser_that_comes_back_in_time_finds_its_kernel(impatient, alone) -> None:
    kernel = fetched(impatient)
    for _ in range(3):
        reader = channel(kernel)
        time.sleep(0.3)
        reader.abort()
        time.sleep(alone * 0.6)
        assert status_of(kernel) == 200
    assert gone(kernel, within=3 * alone)


def test_warmed_up_kernel_waits_for_its_reader(impatient, alone) -> None:
    time.sleep(3 * alone)
    kernel = fetched(impatient)
    with urllib.request.urlopen(kernel) as answer:
        worked = datetime.fromisoformat(json.load(answer)["last_activity"])
    assert (datetime.now(UTC) - worked).total_seconds() > 2 * alone
    # From here on it is this page's kernel, and its browser has time to come.
    assert not gone(kernel, within=alone * 0.6)
    assert gone(kernel, within=3 * alone)


def test_reader_above_the_cap_is_asked_to_wait_and_then_let_in(
    full_house, page_at: OpenPage, watch, axe_faults
) -> None:
    first = page_at(full_house, "probe")
    shown(first)
    late = page_at(full_house, "probe?lang=en")
    expect(late.get_by_role("heading", name="There are too many readers")).to_be_visible()
    assert status_of(full_house.address + "probe") == 503
    assert axe_faults(late) == []
    watch.errors.clear()  # the browser itself notes the 503
    first.goto(full_house.address + "static/icon.svg")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        late.goto(full_house.address + "probe?lang=en", wait_until="domcontentloaded")
        if late.get_by_role("heading", name="Probe").count():
            break
        time.sleep(0.5)
    watch.errors.clear()
    shown(late, lang="en")


@pytest.mark.parametrize("path", ["", "probe", "probe?lang=en", "static/boot.js", "no_such_page"])
def test_head_answers_as_get_would_and_leaves_the_connection_whole(full_house, path) -> None:
    place = urlsplit(full_house.address)
    connection = http.client.HTTPConnection(place.netloc, timeout=10)
    answers = []
    # Asked for more often than there is room for readers: a HEAD takes none.
    for method in ("HEAD", "HEAD", "HEAD", "GET"):
        connection.request(method, place.path + path)
        answer = connection.getresponse()
        body = answer.read()
        assert bool(body) is (method == "GET")
        answers.append((answer.status, dict(answer.getheaders())))
    connection.close()
    (status, head), (got, headers) = answers[0], answers[-1]
    assert [one[0] for one in answers] == [404 if path == "no_such_page" else 200] * 4
    assert status == got
    varying = {"Date", "Expires", "Transfer-Encoding"}
    assert {name: head[name] for name in head.keys() - varying} == {
        name: headers[name] for name in headers.keys() - varying
    }


def test_head_is_asked_to_wait_where_get_would_be(full_house) -> None:
    fetched(full_house)
    request = urllib.request.Request(full_house.address + "probe", method="HEAD")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 503
    assert refused.value.headers["Retry-After"]


def test_policy_and_headers(shell_site) -> None:
    for path in ("", "probe", "static/boot.js", "no-such-page"):
        request = urllib.request.Request(shell_site.address + path)
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as refused:
            answer = refused
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'self' blob:;" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Set-Cookie"] is None
        body = answer.read().decode()
        assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", body)


@pytest.mark.parametrize(
    "path",
    [
        "voila/tree", "voila/files/probe.ipynb", "voila/files/probe.py", "voila/render/probe.ipynb",
        "voila/api/contents", "api/contents", "api/kernels", "api/terminals", "probe.ipynb",
        "probe.py", "login", "static/../server.py", "static/%2e%2e/server.py", "no_such_page",
    ],
)  # fmt: skip
def test_nothing_else_is_served(shell_site, path) -> None:
    assert status_of(shell_site.address + path) in (403, 404)


def test_missing_page_is_ours(shell_site, page_at: OpenPage, watch, axe_faults) -> None:
    page = page_at(shell_site, "no_such_page?lang=en")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    assert axe_faults(page) == []
    watch.errors.clear()  # the browser itself notes the 404


def test_template_in_the_address_changes_nothing(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe?template=reveal&theme=dark")
    shown(page)
    expect(page.locator("header.site-header")).to_be_visible()


def test_attacker_runs_no_code(shell_site, page_at: OpenPage, tmp_path) -> None:
    page = page_at(shell_site, "probe")
    shown(page)
    marker = tmp_path / "was-here"
    code = f"open({str(marker)!r}, 'w').close()"
    address = shell_site.address.replace("http", "ws") + f"api/kernels/{kernel_of(page)}/channels"
    for channel in ("shell", "control", "stdin", "iopub", None):
        attacker = websocket.create_connection(address, timeout=5)
        for kind in ("execute_request", "input_reply", "debug_request", "inspect_request"):
            attacker.send(json.dumps(message(kind, channel, {"code": code, "silent": False})))
        disguised = message("execute_request", channel, {"code": code})
        disguised["msg_type"] = "comm_msg"
        attacker.send(json.dumps(disguised))
        twice = json.dumps(message("execute_request", channel, {"code": code}))
        attacker.send(twice.replace('"msg_type"', '"msg_type": "comm_msg", "msg_type"', 1))
        attacker.close()
    choose(page, "schools")
    shown(page, "schools")
    assert not marker.exists()


def test_attacker_opens_no_widget_and_sets_no_page(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe")
    shown(page)
    address = shell_site.address.replace("http", "ws") + f"api/kernels/{kernel_of(page)}/channels"
    attacker = websocket.create_connection(address, timeout=5)
    attacker.send(
        json.dumps(
            message(
                "comm_open", "shell", {"comm_id": "x", "target_name": "jupyter.widget", "data": {}}
            )
        )
    )
    attacker.send("not json")
    closed = websocket.ABNF.OPCODE_CLOSE
    assert any(attacker.recv_data()[0] == closed for _ in range(50))
    choose(page, "schools")
    shown(page, "schools")


def test_other_origins_get_no_websocket(shell_site, page_at: OpenPage) -> None:
    page = page_at(shell_site, "probe")
    shown(page)
    address = shell_site.address.replace("http", "ws") + f"api/kernels/{kernel_of(page)}/channels"
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(address, origin="http://elsewhere.invalid", timeout=5)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("dataset", ["published", "demo"])
@pytest.mark.parametrize("name", ["", *DASHBOARDS])
def test_every_page_of_the_product(
    product, page_at: OpenPage, axe_faults, name, dataset, lang
) -> None:
    page = page_at(product, f"{name}?lang={lang}&dataset={dataset}")
    assert page.locator("html").get_attribute("lang") == lang
    expect(page.locator("main h2").first).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("main h2").first).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.locator(".banner--synthetic").first).to_be_visible(visible=dataset == "demo")
        for chart in page.locator("[data-chart]").all():
            expect(chart.locator(".main-svg").first).to_be_attached()
        assert fits(page)
        assert axe_faults(page) == []


def message(kind: str, channel: str | None, content: dict[str, object]) -> dict[str, object]:
    """A kernel message as a browser would send it."""
    made: dict[str, object] = {
        "header": {
            "msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "s", "username": "u",
            "date": "2026-01-01T00:00:00Z", "version": "5.3",
        },
        "parent_header": {}, "metadata": {}, "content": content, "buffers": [],
    }  # fmt: skip
    return made if channel is None else {**made, "channel": channel}
