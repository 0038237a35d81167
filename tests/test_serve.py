"""The serve room without a browser: addresses, connection, colours, and what a kernel carries."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from jupyter_client.session import Session

from barometer_lib.serve.choices import choices_of
from barometer_lib.serve.connection import (
    AT_ONCE,
    PROTOCOL_V1,
    Allowance,
    HardenedConnection,
    admitted,
)
from barometer_lib.serve.kernels import BoundedKernelManager
from barometer_lib.serve.server import _prepare_environment
from barometer_lib.views.widget import LONGEST_VALUE, MOST_VALUES, Dashboard, decided, strings_of

REPOSITORY = Path(__file__).resolve().parents[1]
STYLES = REPOSITORY / "frontend" / "src"
SHELL_PAGES = REPOSITORY / "tests" / "browser" / "shell_pages"
HEAVY = {"pandas", "scipy", "statsmodels", "plotly", "matplotlib", "voila", "jupyterlab"}
DASHBOARDS = REPOSITORY / "dashboards"


@pytest.mark.parametrize(
    ("query", "lang", "dataset"),
    [
        ("", "da", "published"),
        ("lang=en&dataset=demo", "en", "demo"),
        ("lang=EN&dataset=demo%00", "da", "published"),
        ("lang=en&lang=da", "en", "published"),
        ("lang[]=en", "da", "published"),
    ],
)
def test_language_and_dataset_come_from_our_own_lists(query, lang, dataset):
    choices = choices_of(query, "da")
    assert (choices.lang, choices.dataset) == (lang, dataset)


def test_unknown_language_becomes_the_servers():
    assert choices_of("lang=xx", "en").lang == "en"


def test_language_switch_keeps_the_view_and_dataset_switch_drops_it():
    choices = choices_of("lang=en&indicator=x y&dataset=published", "da")
    assert choices.address("lang", "da") == "?lang=da&indicator=x+y&dataset=published"
    assert choices.address("dataset", "demo") == "?lang=en&dataset=demo"


def test_endless_query_is_cut():
    choices = choices_of("&".join(f"a{n}=1" for n in range(5000)) + "&lang=en", "da")
    assert choices.lang == "da"
    assert len(choices.query) < 500


@pytest.mark.parametrize(
    ("channel", "kind", "content", "passes"),
    [
        ("shell", "comm_msg", {}, True),
        ("shell", "comm_open", {"target_name": "jupyter.widget.control"}, True),
        ("shell", "comm_open", {"target_name": "jupyter.widget"}, False),
        ("shell", "comm_open", {}, False),
        ("control", "comm_msg", {}, False),
        ("iopub", "comm_msg", {}, False),
        (None, "comm_msg", {}, False),
        ("shell", "execute_request", {"code": "1"}, False),
        ("shell", "shutdown_request", {}, False),
        ("shell", ["comm_msg"], {}, False),
        ("shell", "comm_msg", None, False),
    ],
)
def test_what_may_reach_a_kernel(channel, kind, content, passes):
    assert admitted(channel, {"msg_type": kind}, content) is passes


def test_flood_is_stopped_after_the_reserve():
    allowance = Allowance()
    passed = sum(allowance.take() for _ in range(AT_ONCE * 2))
    assert AT_ONCE <= passed < AT_ONCE + 20


class Pooled(BoundedKernelManager):
    """Kernels with Voila's pools, of which nothing is started."""

    filled: list[str]

    def fill_if_needed(self, notebook_name: str) -> None:
        """Note what was asked."""
        self.filled.append(notebook_name)


def test_kernel_that_could_not_be_warmed_up_is_tried_again():
    async def look() -> Pooled:
        kernels = Pooled()
        kernels.filled = []
        failed = asyncio.get_running_loop().create_future()
        failed.set_exception(RuntimeError("no kernel"))
        under_way = asyncio.get_running_loop().create_future()
        kernels._pools = {"overview.ipynb": [failed, under_way]}
        await kernels.cull_kernels()
        assert kernels._pools == {"overview.ipynb": [under_way]}
        return kernels

    # A thread of its own: the browser's driver keeps a running loop in the main one.
    with ThreadPoolExecutor(1) as alone:
        assert alone.submit(asyncio.run, look()).result().filled == ["overview.ipynb"]


def test_state_from_a_browser_is_short_strings_or_nothing():
    assert strings_of(["x"]) == {}
    assert strings_of(None) == {}
    hostile = {"a": "b", "n": 1, "l": ["x"], 5: "x", "long": "x" * (LONGEST_VALUE + 1)}
    assert strings_of(hostile) == {"a": "b"}
    assert len(strings_of({f"k{n}": "v" for n in range(MOST_VALUES * 2)})) == MOST_VALUES


@pytest.mark.parametrize(("lang", "begins"), [("da", "Siden kunne"), ("en", "The page could")])
def test_failure_is_a_sentence_in_the_readers_language(lang, begins, caplog):
    def fail(_state):
        raise RuntimeError("hunter2")

    page = decided(fail, {"lang": lang})
    assert page["error"].startswith(begins)
    assert "hunter2" not in json.dumps(page)
    assert page["html"] == ""
    assert page["charts"] == []
    reference = re.search(r"\b([0-9a-f]{6})\b", page["error"])[1]
    assert f"[{reference}]" in caplog.text
    assert "hunter2" in caplog.text


def test_browser_cannot_set_the_page():
    dashboard = Dashboard(lambda _state: pytest.fail("not asked"))
    dashboard.set_state({"page": {"html": "mine"}, "words": {}})
    assert dashboard.page == {}
    assert dashboard.words["da"]["reload"]


def colours() -> dict[str, str]:
    """The palette: name to #rrggbb."""
    text = (STYLES / "_palette.scss").read_text(encoding="utf-8")
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", text))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_formula_on_known_pairs():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((name, ground) for name in ("ink", "ink-muted") for ground in ("paper", "paper-shaded")),
        ("accent", "paper"), ("accent", "paper-shaded"), ("accent", "accent-tint"),
        ("good", "good-tint"), ("same", "same-tint"), ("bad", "bad-tint"),
        ("unknown", "unknown-tint"), ("synthetic", "synthetic-tint"),
        ("good", "paper"), ("same", "paper"), ("bad", "paper"),
        ("ink", "same-tint"),
    ],
)  # fmt: skip
def test_text_can_be_read(text, ground):
    palette = colours()
    assert contrast(palette[text], palette[ground]) >= 4.5


def test_edges_can_be_seen():
    palette = colours()
    assert contrast(palette["line-strong"], palette["paper"]) >= 3


def test_own_styles_take_colours_from_the_palette_alone():
    for sheet in STYLES.glob("_*.scss"):
        if sheet.name != "_palette.scss":
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*\s*[,{])", sheet.read_text()), sheet


def test_classes_named_for_views_are_styled():
    head, _, _ = (STYLES / "barometer.scss").read_text(encoding="utf-8").partition("*/")
    named = {name.rstrip("-") for name in re.findall(r"(?<![\w])\.([a-z][a-z_-]+)", head)}
    text = "".join(sheet.read_text(encoding="utf-8") for sheet in STYLES.glob("_*.scss"))
    unstyled = {name for name in named if f".{name.split('__')[0].split('--')[0]}" not in text}
    assert unstyled == set()


def carried(
    folder: Path, notebook: str, environment: dict[str, str]
) -> tuple[str | None, set[str]]:
    """Run a dashboard's cell and its first page; give the page's error and the heavy modules."""
    program = f"""
import ast, json, sys
sys.path.insert(0, {str(folder)!r})
cells = json.load(open({str(folder / notebook)!r}, encoding="utf-8"))["cells"]
code = "\\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "code")
tree = ast.parse(code)
last = ast.Expression(tree.body.pop().value)
names = {{}}
exec(compile(tree, "cell", "exec"), names)
dashboard = eval(compile(last, "cell", "eval"), names)
dashboard._answer(dashboard, {{"kind": "choose", "state": {{}}, "serial": 1}}, [])
print(json.dumps([dashboard.page["error"], sorted({{name.split(".")[0] for name in sys.modules}})]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    error, modules = json.loads(done.stdout.splitlines()[-1])
    return error, HEAVY & set(modules)


def test_widget_brings_nothing_heavy_into_a_kernel():
    assert carried(SHELL_PAGES, "probe.ipynb", {}) == (None, set())


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """The shipped data, built."""
    pointer = tmp_path_factory.mktemp("store") / "store.pointer"
    program = shutil.which("barometer", path=str(Path(sys.executable).parent))
    assert program is not None
    command = [program, "build", "--data", str(REPOSITORY / "data"), "--store", str(pointer)]
    subprocess.run(command, check=True, capture_output=True)
    return pointer


@pytest.mark.slow
@pytest.mark.parametrize("notebook", sorted(file.name for file in DASHBOARDS.glob("*.ipynb")))
def test_kernel_of_a_dashboard_stays_small(notebook, store):
    assert carried(DASHBOARDS, notebook, {"BAROMETER_STORE": str(store)}) == (None, set())


@pytest.mark.parametrize("notebook", sorted(file.name for file in DASHBOARDS.glob("*.ipynb")))
def test_missing_store_is_a_sentence_on_the_page(notebook, tmp_path):
    missing = {"BAROMETER_STORE": str(tmp_path / "nowhere")}
    error, _ = carried(DASHBOARDS, notebook, missing)
    assert error == "Barometeret har ingen tal at vise lige nu: databasen mangler."


def test_serve_says_in_one_sentence_why_it_cannot(tmp_path):
    start = "from pathlib import Path; from barometer_lib.serve import run; "
    empty = f"raise SystemExit(run(port=0, dashboards=Path({str(tmp_path)!r})))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", start + empty], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "ingen dashboards" in done.stderr


class Outgoing:
    """Stands in for a connection: reads parts as the real one does, keeps what it logs."""

    subprotocol = PROTOCOL_V1
    _part = HardenedConnection._part
    _log = HardenedConnection._log

    def __init__(self) -> None:
        self.session = Session()
        self.log = logging.getLogger("outgoing")

    def get_part(self, name, value, parts):
        assert value is None
        return self.session.unpack(parts[{"header": 0, "content": 3}[name]])


@pytest.mark.parametrize(
    ("channel", "kind", "content"),
    [
        ("iopub", "error", {"ename": "E", "evalue": "hunter2", "traceback": ["hunter2"]}),
        ("iopub", "stream", {"name": "stderr", "text": "hunter2"}),
        ("iopub", "display_data", {"data": {"text/plain": "hunter2"}, "metadata": {}}),
        ("shell", "execute_reply", {"status": "error", "evalue": "hunter2", "traceback": ["x"]}),
    ],
)
def test_nothing_from_inside_goes_out(channel, kind, content):
    outgoing = Outgoing()
    pack = outgoing.session.pack
    parts = [pack({"msg_type": kind}), pack({}), pack({}), pack(content)]
    HardenedConnection._on_error(
        outgoing, channel, {"header": None, "parent_header": None, "content": None}, parts
    )
    assert b"hunter2" not in b"".join(parts)


def test_widgets_answers_go_out_unchanged():
    outgoing = Outgoing()
    content = {"comm_id": "c", "data": {"method": "update", "state": {"page": {"html": "x"}}}}
    parts = [outgoing.session.pack(part) for part in ({"msg_type": "comm_msg"}, {}, {}, content)]
    before = list(parts)
    HardenedConnection._on_error(
        outgoing, "iopub", {"header": None, "parent_header": None, "content": None}, parts
    )
    assert parts == before


@pytest.mark.parametrize("named", [None, "elsewhere/b.json"])
def test_kernels_are_handed_the_whole_path_of_the_store(named, tmp_path, monkeypatch):
    # A kernel works in the notebooks' folder, so a path from where the server stands misleads it.
    monkeypatch.chdir(tmp_path)
    before = dict(os.environ)
    if named is None:
        monkeypatch.delenv("BAROMETER_STORE", raising=False)
    else:
        monkeypatch.setenv("BAROMETER_STORE", named)
    try:
        _prepare_environment(None, tmp_path / "private")
        handed = Path(os.environ["BAROMETER_STORE"])
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert handed == (tmp_path / (named or "store/barometer.json")).resolve()
