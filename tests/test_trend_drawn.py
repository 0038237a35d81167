"""A trend drawn: blocks on the terminal, SVG and HTML files that stand alone."""

from __future__ import annotations

import itertools
import json
import re
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from barometer_lib import charts
from barometer_lib.charts.blocks import blocks
from barometer_lib.charts.lines import Break, Line, Point, Target
from barometer_lib.charts.paper import as_svg
from barometer_lib.charts.web_page import as_web_page
from barometer_lib.cli import drawing, main
from barometer_lib.errors import BarometerError
from shared_store import REPOSITORY, pointer

SVG = "{http://www.w3.org/2000/svg}"


def test_blocks_stand_between_the_lowest_and_the_highest():
    assert blocks([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert blocks([7, None, 0]) == "█·▁"
    assert blocks([3, 3, 3]) == "▄▄▄"


@pytest.mark.parametrize("values", [[], [1], [None, 1, None]])
def test_there_are_no_blocks_of_one_value(values):
    assert blocks(values) == ""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "no-such-encoding"])
def test_a_terminal_without_blocks_gets_none(encoding):
    assert blocks([1, 2], encoding) == ""


def test_blocks_are_parted_at_a_break():
    content = {
        "unit": "percent",
        "points": [
            {"period": str(year), "value": float(year - 2009), "status": status}
            for year, status in ((2010, "reported"), (2011, "reported"), (2012, "suppressed"),
                                 (2013, "reported"))
        ],
        "breaks": [{"start": "2012"}],
    }  # fmt: skip
    assert drawing.in_blocks(content, "en").split("  ")[0] == "▁▃|·█"


def chart(**more: object) -> charts.Chart:
    points = [Point(str(2010 + place), None, value, value - 2, value + 3)
              for place, value in enumerate((20.0, 30.0, 25.0, 40.0))]  # fmt: skip
    points += [Point("2014"), Point("2015", None, 50.0)]
    return charts.history(
        [Line("København & omegn", points)], "da", name="history", title="Andel <under> målet",
        unit="percent", **more,
    )  # fmt: skip


def test_an_svg_holds_what_the_chart_says():
    one = chart(
        target=Target(60.0, period_code="2020", baseline=20.0, baseline_period="2010"),
        breaks=[Break("2013", "Ny metode")],
        synthetic=True,
    )
    root = ET.fromstring(as_svg(one, "da", ["Kilde: https://example.org/a?b=1&c=2"]))
    assert root.find(f"{SVG}title").text == "Andel <under> målet"
    assert root.find(f"{SVG}desc").text == one.summary
    said = " ".join(text.text or "" for text in root.iter(f"{SVG}text")).replace("\u00a0", " ")
    for words in ("Syntetiske tal", "Kilde: https://example.org/a?b=1&c=2", "mål 2020", "Ny metode",
                  "50 pct.", "2010"):  # fmt: skip
        assert words in said, words
    assert root.get("lang") == "da"


def test_an_svg_puts_values_in_their_places():
    """Ever higher values stand ever higher, at even distances; a blank interrupts the line."""
    root = ET.fromstring(as_svg(chart(), "da"))
    lines = [line.get("points").split() for line in root.iter(f"{SVG}polyline")]
    assert [len(line) for line in lines] == [4, 1]
    spots = [tuple(map(float, spot.split(","))) for line in lines for spot in line]
    across = [x for x, _ in spots]
    steps = {round(b - a, 0) for a, b in itertools.pairwise(across[:4])}
    assert len(steps) == 1
    assert across[4] - across[3] == pytest.approx(2 * (across[1] - across[0]), abs=0.3)
    up = {value: y for value, (_, y) in zip((20, 30, 25, 40, 50), spots, strict=True)}
    assert up[20] > up[25] > up[30] > up[40] > up[50]
    assert up[20] - up[30] == pytest.approx(up[30] - up[40], abs=0.3)
    assert len(list(root.iter(f"{SVG}circle"))) == 5
    assert len(list(root.iter(f"{SVG}polygon"))) == 1  # the band of uncertainty


def test_a_web_page_stands_alone_and_closes_no_script():
    page = as_web_page(chart(), "da", ["Kilde: <x>"], "var a = '</script>';")
    assert page.count("</script>") == 2
    assert "Kilde: &lt;x&gt;" in page
    assert "<h1>Andel &lt;under&gt; målet</h1>" in page
    assert not re.search(r"(?:src|href)=", page)
    figure = re.search(r"var figure = (.*);\nPlotly", page).group(1)
    assert json.loads(figure)["data"]
    assert '"showSendToCloud": false' in page


def trend(*arguments: str):
    return CliRunner().invoke(main, ["trend", *arguments, "--store", str(pointer())])


@pytest.mark.parametrize(("lang", "source", "mark"), [
    ("da", "Kilde:", "Tallene er syntetiske"), ("en", "Source:", "synthetic"),
])  # fmt: skip
def test_the_command_draws_in_both_languages(tmp_path, lang, source, mark):
    file = tmp_path / "a.svg"
    done = trend("demo-employment", "--dataset", "demo", "--chart", str(file), "--lang", lang)
    assert done.exit_code == 0, done.output
    assert "█" in done.output
    drawn = " ".join(ET.parse(file).getroot().itertext())
    assert source in drawn
    assert mark in drawn


def test_the_command_draws_what_was_known_on_a_day(tmp_path):
    file = tmp_path / "a.svg"
    done = trend("utryg_nabolag", "--as-of", "2017-06-30", "--chart", str(file), "--lang", "en")
    assert done.exit_code == 0, done.output
    drawn = " ".join(ET.parse(file).getroot().itertext())
    assert "As known on 2017-06-30" in drawn
    assert "2022" not in drawn


@pytest.mark.parametrize(("arguments", "code"), [
    (("utryg_nabolag", "--chart", "a.png"), "chart_form"),
    (("utryg_nabolag", "--area", "tu-oesterbro", "--chart", "a.svg"), "chart_none"),
    (("utryg_nabolag", "--chart", "no/such/folder/a.svg"), "chart_unwritten"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_told(tmp_path, monkeypatch, arguments, code):
    monkeypatch.chdir(tmp_path)
    done = trend(*arguments, "--format", "json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"] == code
    assert list(tmp_path.iterdir()) == []


def test_a_page_without_the_front_end_parts_is_told(monkeypatch):
    monkeypatch.setattr(drawing, "BUNDLE", "serve/static/vendor/none.js")
    with pytest.raises(BarometerError) as caught:
        drawing._bundle()
    assert caught.value.code == "chart_assets"


def test_the_bundle_is_the_one_that_is_served():
    assert drawing.BUNDLE.endswith("vendor/plotly-basic.min.js")
    if not (REPOSITORY / "src" / "barometer_lib" / drawing.BUNDLE).is_file():
        pytest.skip("the front-end parts are not installed")
    assert "plotly" in drawing._bundle()[:3000].lower()
