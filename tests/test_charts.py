"""Charts: what is drawn, what is not, and what is said beside it."""

import itertools
import json
import xml.etree.ElementTree as ET

import pytest

from barometer_lib import charts
from barometer_lib.charts import Area, Break, Line, Placed, Point, Ranked, Target
from barometer_lib.charts.frame import spread
from barometer_lib.charts.palette import ACCENT, INK, MUTED, PAPER, SERIES, STATUS_COLOURS
from guides import even

SPACE = "\N{NO-BREAK SPACE}"
UNSAFE = {2009: 11, 2010: 11, 2014: 7.1, 2015: 6.6, 2016: 6.4, 2019: 9, 2021: 9, 2022: 9}


def line(values, label="København", **more):
    return Line(label, [Point(str(year), None, value) for year, value in values.items()], **more)


def history(*lines, lang="da", **more):
    given = {"name": "h", "title": "Utrygge", "unit": "percent", "decimals": 1}
    return charts.history(lines, lang, **given | more)


def districts(*areas, lang="da", **more):
    given = {"name": "d", "title": "Utrygge 2019", "unit": "percent", "decimals": 0, "limit": 10}
    return charts.districts(areas, lang, **given | more)


def area(label, value, status="reported", **more):
    return Area(label, Point("2019", None, value, status=status), **more)


def ranking(*rows, lang="da", **more):
    given = {
        "name": "r",
        "index_label": "ICC",
        "of": 34,
        "edition_label": "januar 2012",
        "scope_label": "alle byer",
        "home_city": "København",
    }
    return charts.ranking(rows, lang, **given | more)


def path(*points, lang="da", **more):
    return charts.path(points, lang, name="p", city="København", index_label="ICC", **more)


def many(count):
    years = range(2007, 2013)
    return [
        line({y: 40 + 5 * place + (y % 3) * 6 for y in years}, f"Gruppe {place}")
        for place in range(count)
    ]


EVERY_CHART = {
    "history": lambda **more: history(line(UNSAFE), target=Target(10, "maximum"), **more),
    "districts": lambda **more: districts(area("Valby", 13), area("Indre By", None), **more),
    "ranking": lambda **more: ranking(Ranked("København", 66, 8, True), **more),
    "path": lambda **more: path(Placed("januar 2012", 66, 8, True, 34, "alle byer"), **more),
    "panels": lambda **more: charts.groups(
        many(7), more.pop("lang", "da"), name="g", title="T", unit="percent", **more
    )[0],
    "gap": lambda **more: charts.groups(
        many(2), more.pop("lang", "da"), name="g", title="T", unit="percent",
        gaps=[line({2007: 3.0, 2008: -1.0}, "Forskel")], **more
    )[1],
}  # fmt: skip


def drawn(chart):
    return [trace for trace in chart.figure["data"] if trace.get("mode") == "lines+markers"]


def notes(chart, name=None):
    return [
        note["text"]
        for note in chart.figure["layout"]["annotations"]
        if name is None or note.get("name") == name
    ]


def shapes(chart, name):
    return [shape for shape in chart.figure["layout"]["shapes"] if shape.get("name") == name]


# Every chart


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("kind", EVERY_CHART)
def test_every_chart_has_title_summary_table_and_label(kind, lang):
    chart = EVERY_CHART[kind](lang=lang)
    assert chart.title
    assert chart.title in chart.label
    assert chart.summary.endswith(".")
    assert ".." not in chart.summary
    assert chart.table.rows
    assert chart.height == chart.figure["layout"]["height"]


@pytest.mark.parametrize("kind", EVERY_CHART)
def test_every_figure_is_one_that_plotly_knows(kind):
    """plotly checks every name and value of a figure; it is not needed to make one."""
    import plotly.graph_objects

    figure = EVERY_CHART[kind](synthetic=True).figure
    plotly.graph_objects.Figure(figure)
    assert len(json.dumps(figure)) < 20_000


@pytest.mark.parametrize("kind", EVERY_CHART)
def test_no_legend_no_template_no_second_axis_no_background(kind):
    page = EVERY_CHART[kind]().figure["layout"]
    assert page["showlegend"] is False
    assert "template" not in page
    assert not any("overlaying" in value for value in page.values() if isinstance(value, dict))
    assert page["paper_bgcolor"] == page["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert "width" not in page
    assert page["autosize"] is True


@pytest.mark.parametrize("kind", EVERY_CHART)
@pytest.mark.parametrize(("lang", "words"), [("da", "Syntetiske tal"), ("en", "Synthetic figures")])
def test_synthetic_figures_are_marked_in_picture_and_words(kind, lang, words):
    marked = EVERY_CHART[kind](lang=lang, synthetic=True)
    plain = EVERY_CHART[kind](lang=lang)
    assert marked.synthetic
    assert any(words in note for note in notes(marked, "synthetic"))
    assert words.split()[0].lower()[:8] in marked.summary.lower()
    assert not plain.synthetic
    assert not notes(plain, "synthetic")


@pytest.mark.parametrize(("lang", "expected"), [("da", ",."), ("en", ".,")])
def test_numbers_are_written_in_the_language(lang, expected):
    chart = history(line({2013: 10.5, 2014: 11.5}), lang=lang)
    assert chart.figure["layout"]["separators"] == expected
    shown = {"da": f"11,5{SPACE}pct.", "en": "11.5%"}[lang]
    assert shown in chart.summary
    assert shown in notes(chart, "line label")[0]
    assert shown in drawn(chart)[0]["hovertext"][-1]
    assert chart.table.rows[0]["value"].shown == shown


def test_labels_are_never_read_as_markup():
    chart = history(line(UNSAFE, "<b>x</b>"), line(UNSAFE, "y & z"))
    assert not any("<b>x" in words for words in notes(chart))
    assert "&lt;b&gt;x" in drawn(chart)[0]["hovertext"][0]


# Histories


def test_a_line_is_interrupted_where_measurements_are_absent():
    chart = history(line(UNSAFE))
    (trace,) = drawn(chart)
    assert trace["connectgaps"] is False
    assert trace["y"] == [11, 11, None, 7.1, 6.6, 6.4, None, 9, None, 9, 9]
    assert 2010.5 < trace["x"][2] < 2014.5
    assert "afbrudt" in chart.summary
    assert "afbrudt" in history(line({2019: 9, 2021: 9, 2022: 9})).summary, "2020 is absent"
    assert "afbrudt" not in history(line({2020: 9, 2021: 9, 2022: 9})).summary


def test_half_years_have_their_own_step():
    points = [Point(code, None, 5.0) for code in ("2011-S1", "2011-S2", "2013-S1")]
    (trace,) = drawn(history(Line("x", points)))
    assert trace["y"] == [5, 5, None, 5]


@pytest.mark.parametrize("status", ["suppressed", "missing", "no_new_figures", "reported"])
def test_a_value_that_is_not_known_is_never_zero(status):
    word = {
        "suppressed": "diskretioneret",
        "missing": "ingen tal",
        "no_new_figures": "ingen nye tal",
        "reported": "ingen tal",
    }[status]
    points = [
        Point("2011", None, 5.0),
        Point("2012", status=status),
        Point("2013", None, 6.0),
    ]
    chart = history(Line("x", points))
    (trace,) = drawn(chart)
    assert trace["y"] == [5.0, None, 6.0]
    cell = chart.table.rows[1]["value"]
    assert (cell.value, cell.shown) == (None, word)
    assert ("1 måling er diskretioneret" in chart.summary) == (status == "suppressed")


def test_a_break_parts_the_line_and_gives_its_reason():
    values = {2012: 5.0, 2013: 6.0, 2014: 9.0, 2015: 8.0}
    chart = history(line(values), breaks=[Break("2014", "ny inddeling.")])
    before, after = drawn(chart)
    assert before["y"] == [5.0, 6.0]
    assert after["y"] == [9.0, 8.0]
    (mark,) = shapes(chart, "break")
    assert mark["x0"] == pytest.approx(2014.0, abs=0.01)
    assert "ny inddeling" in notes(chart, "break")[0]
    assert "Databrud fra 2014: ny inddeling." in chart.summary
    assert "mod 5,0" not in chart.summary, "figures across a break are not set against each other"
    assert any("Databrud" in note for note in chart.table.notes)
    assert len(drawn(history(line(values)))) == 1
    assert "mod 5,0" in history(line(values)).summary


def test_the_reason_of_a_break_stands_where_no_figure_is():
    def where(values):
        chart = history(line(values), breaks=[Break("2014", "ny inddeling")])
        (found,) = [
            one for one in chart.figure["layout"]["annotations"] if one.get("name") == "break"
        ]
        return found["yanchor"], found["y"]

    assert where({2012: 9, 2013: 9, 2014: 2, 2015: 3, 2020: 9}) == ("top", 1)
    assert where({2012: 1, 2013: 1, 2014: 9, 2015: 8, 2020: 1}) == ("bottom", 0)


def test_a_break_outside_the_picture_is_not_drawn():
    chart = history(line({2016: 5.0, 2017: 6.0}), breaks=[Break("2009", "gammel")])
    assert not shapes(chart, "break")


def test_a_target_has_its_line_its_year_and_its_path():
    target = Target(95, "level", "2015", 77, "2010")
    chart = history(line({2011: 77.2, 2012: 78.0}), target=target)
    (rule,) = shapes(chart, "target")
    assert (rule["y0"], rule["y1"]) == (95, 95)
    assert rule["line"]["dash"] == "dash"
    assert any("2015" in words and "95" in words for words in notes(chart, "line label"))
    (way,) = [trace for trace in chart.figure["data"] if trace["name"] == "target path"]
    assert (way["x"], way["y"]) == ([2010.5, 2015.5], [77, 95])
    low, high = chart.figure["layout"]["yaxis"]["range"]
    assert low <= 77 < 95 <= high
    assert chart.figure["layout"]["xaxis"]["range"][1] > 2015.5


def test_the_path_goes_over_the_milestones_in_time():
    stops = [("2014", 90.0), ("2012", 80.0)]
    target = Target(95, "level", "2015", 77, "2010", milestones=stops)
    chart = history(line({2011: 77.2, 2012: 78.0}), target=target)
    (way,) = [trace for trace in chart.figure["data"] if trace["name"] == "target path"]
    assert way["x"] == [2010.5, 2012.5, 2014.5, 2015.5]
    assert way["y"] == [77, 80, 90, 95]
    assert way["marker"]["size"] == [0, 9, 9, 0]
    assert even("over 80 pct. (2012) og 90 pct. (2014)") in even(chart.summary)
    plain = history(line({2011: 77.2, 2012: 78.0}), target=Target(95, "level", "2015", 77, "2010"))
    assert "Prikket" not in plain.summary


def test_a_maximum_has_no_path():
    chart = history(line(UNSAFE), target=Target(10, "maximum"))
    assert "højst 10" in chart.summary
    assert not [trace for trace in chart.figure["data"] if trace["name"] == "target path"]


def test_uncertainty_is_a_band_or_bars_and_stands_in_the_table():
    few = Line("x", [Point("2016", None, 6.4, 5.5, 7.3), Point("2017", None, 9.0)])
    chart = history(few)
    (trace,) = drawn(chart)
    assert trace["error_y"]["array"] == [0.9, 0.0]
    assert trace["error_y"]["arrayminus"] == [0.9, 0.0]
    assert chart.table.rows[1]["value"].note == f"5,5-7,3{SPACE}pct."
    many_points = [Point(str(y), None, 6.0, 5.0, 7.0) for y in range(2010, 2016)]
    chart = history(Line("x", many_points))
    (band,) = [trace for trace in chart.figure["data"] if trace["name"] == "band"]
    assert band["y"] == [7.0] * 6 + [5.0] * 6
    assert "error_y" not in drawn(chart)[0]


def test_the_axis_begins_at_zero_unless_the_values_lie_close_together():
    assert history(line(UNSAFE)).figure["layout"]["yaxis"]["range"][0] == 0
    close = history(line({2012: 90.0, 2013: 92.0}))
    assert 80 < close.figure["layout"]["yaxis"]["range"][0] < 90
    assert "ikke ved nul" in close.summary
    crossing = history(line({2012: 2.0, 2013: -1.0}), unit="percentage_points")
    low, high = crossing.figure["layout"]["yaxis"]["range"]
    assert low < -1 < 2 < high
    assert crossing.figure["layout"]["yaxis"]["zeroline"] is True
    below = history(line({2012: -2.0, 2013: -8.0}), unit="percentage_points")
    low, high = below.figure["layout"]["yaxis"]["range"]
    assert low == pytest.approx(-8.64), "the room below is a share of the way from zero"
    assert high == 0


def test_lines_are_named_at_their_ends_without_overlapping():
    chart = history(*[line({2012: 5.0, 2013: 6.0 + n / 10}, f"Gruppe {n}") for n in range(4)])
    labels = [n for n in chart.figure["layout"]["annotations"] if n.get("name") == "line label"]
    assert [f"Gruppe {n}" in label["text"] for n, label in enumerate(labels)] == [True] * 4
    assert len({label["font"]["color"] for label in labels}) == 4
    tall = chart.height - chart.figure["layout"]["margin"]["t"] - 46
    places = sorted(label["y"] * tall for label in labels)
    assert all(after - before >= 30 for before, after in itertools.pairwise(places))
    assert len({trace["marker"]["symbol"] for trace in drawn(chart)}) == 4


def test_labels_keep_their_order_when_they_are_spread():
    places = spread([10, 12, 11, 200], [20, 20, 20, 20])
    assert places[0] < places[2] < places[1] < places[3] == 200
    assert sorted(places)[1] - min(places) == pytest.approx(20)


def test_labels_stay_in_their_room():
    assert spread([95, 99], [20, 20], 100) == [70, 90]
    assert spread([3, 1], [20, 20], 100) == [30, 10]


def test_every_label_of_many_lines_stands_inside_the_picture():
    label = "Indvandrere og efterkommere fra vestlige lande"
    lines = [line({2012: 1.0, 2013: value}, f"{label} {value}") for value in (61, 66, 72, 74, 77)]
    page = history(*lines).figure["layout"]
    tall = page["height"] - page["margin"]["t"] - page["margin"]["b"]
    for one in page["annotations"]:
        if one.get("name") == "line label":
            half = 15 * (one["text"].count("<br>") + 1) / 2
            assert one["y"] * tall - half >= -1
            assert one["y"] * tall + half <= tall + 1


def test_a_gap_has_the_colour_and_the_symbol_of_its_group():
    names = ("Alle", "Dansk oprindelse", "Indvandrere", "Efterkommere")
    lines = [line({2012: 70.0 + n, 2013: 71.0 + n}, name) for n, name in enumerate(names)]
    gaps = [line({2012: -5.0, 2013: -6.0}, name) for name in ("Indvandrere", "Efterkommere")]
    given = {"name": "g", "title": "x", "unit": "percent", "decimals": 1}
    beside, apart_ = charts.groups(lines, "da", gaps=gaps, **given)

    def looks(chart):
        marks = {trace["name"]: trace["marker"] for trace in drawn(chart)}
        return {name: (mark["color"], mark["symbol"]) for name, mark in marks.items()}

    assert looks(apart_).items() <= looks(beside).items()
    told = [
        one for one in apart_.figure["layout"]["annotations"] if one.get("name") == "line label"
    ]
    assert [one["font"]["color"] for one in told] == [SERIES[2], SERIES[3]]


def test_a_figure_without_a_stated_period_says_so():
    undated = Point(None, 2013.04, 93.1, when="periode ikke oplyst, offentliggjort januar 2013")
    chart = history(Line("x", [undated]))
    assert "offentliggjort januar 2013" in chart.summary
    assert drawn(chart)[0]["y"] == [93.1]
    assert chart.figure["layout"]["xaxis"]["ticktext"] == []
    nowhere = history(Line("x", [Point(None, None, 93.1)]))
    assert not drawn(nowhere)
    assert "periode ikke oplyst" in nowhere.summary
    assert nowhere.table.rows[0]["value"].value == 93.1


def test_no_figures_at_all_is_said():
    chart = history(Line("x", [Point("2012", status="missing")]))
    assert not drawn(chart)
    assert "ingen tal" in chart.summary


@pytest.mark.parametrize(
    ("codes", "lang", "expected"),
    [
        (["2013", "2014"], "da", ["2013", "2014"]),
        (["2013-S1", "2013-S2"], "da", ["1. halvår<br>2013", "2. halvår<br>2013"]),
        (["2013-01", "2013-02"], "da", ["jan.<br>2013", "feb.<br>2013"]),
        (["2012/2013", "2013/2014"], "en", ["2012/13", "2013/14"]),
    ],
)
def test_periods_on_the_axis_are_words(codes, lang, expected):
    points = [Point(code, None, 5.0) for code in codes]
    assert history(Line("x", points), lang=lang).figure["layout"]["xaxis"]["ticktext"] == expected


def test_a_long_axis_has_few_ticks():
    points = [Point(f"{y}-S{s}", None, 5.0) for y in range(2000, 2030) for s in (1, 2)]
    ticks = history(Line("x", points)).figure["layout"]["xaxis"]
    assert len(ticks["ticktext"]) <= 7
    assert all(len(words) == 4 for words in ticks["ticktext"])


def test_the_table_sets_the_lines_side_by_side_newest_first():
    chart = history(line({2012: 5.0, 2013: 6.0}, "a", key="a"), line({2013: 7.0}, "b", key="b"))
    rows = [{key: cell.value for key, cell in row.items()} for row in chart.table.rows]
    assert rows == [
        {"period": "2013", "a": 6.0, "b": 7.0},
        {"period": "2012", "a": 5.0, "b": None},
    ]


def test_too_many_lines_are_refused_and_become_small_pictures():
    with pytest.raises(ValueError, match="lines"):
        history(*many(6))
    (chart,) = charts.groups(many(6), "da", name="g", title="T", unit="percent")
    page = chart.figure["layout"]
    axes = [page["yaxis"] if n == 1 else page[f"yaxis{n}"] for n in range(1, 7)]
    assert len({tuple(axis["range"]) for axis in axes}) == 1
    floors = [axis["domain"] for axis in axes]
    assert all(below[1] < above[0] for above, below in itertools.pairwise(floors))
    assert len(notes(chart, "panel")) == 6
    assert [trace["yaxis"] for trace in drawn(chart)] == ["y", "y2", "y3", "y4", "y5", "y6"]


def test_the_gap_has_a_chart_of_its_own():
    gap = line({2012: 10.8, 2013: 10.5}, "Forskel")
    pair = charts.groups(many(2), "da", name="g", title="Arbejde", unit="percent", gaps=[gap])
    assert [chart.id for chart in pair] == ["g", "g-gap"]
    assert "procentpoint" in pair[1].summary
    assert "pct." not in pair[1].summary


# Districts


def test_districts_stand_highest_first_with_the_unknown_below():
    chart = districts(
        area("Østerbro", 5),
        area("Indre By", None, "missing"),
        area("Bispebjerg", 17),
        area("Brønshøj", None, "suppressed"),
        area("Vesterbro", 10),
        area("København", 9, accent=True),
    )
    labels = [row["area"].shown for row in chart.table.rows]
    assert labels == ["Bispebjerg", "Vesterbro", "København", "Østerbro", "Indre By", "Brønshøj"]
    trace = chart.figure["data"][0]
    assert trace["x"] == [17, 10, 9, 5]
    assert trace["marker"]["symbol"] == ["diamond", "circle", "circle", "circle"]
    assert "1 af 3 bydele med tal ligger over grænsen" in chart.summary
    # With districts unknown nobody can say which is highest or lowest.
    assert "Højeste" not in chart.summary
    assert "Laveste" not in chart.summary
    assert "Diskretioneret: Brønshøj." in chart.summary
    assert "Ingen tal: Indre By." in chart.summary
    assert notes(chart, "value")[-2:] == ["ingen tal", "diskretioneret"]
    assert shapes(chart, "limit")[0]["x0"] == 10


def test_none_above_the_limit_is_said_of_those_with_figures():
    chart = districts(area("Vesterbro", 10), area("Valby", None))
    assert "Ingen af de 1 bydele med tal" in chart.summary
    assert set(chart.figure["data"][0]["marker"]["symbol"]) == {"circle"}


def test_highest_and_lowest_are_told_where_all_districts_are_known_and_differ():
    chart = districts(
        area("Østerbro", 5), area("Bispebjerg", 17), area("København", 3, accent=True)
    )
    assert "Højeste andel: Bispebjerg" in chart.summary
    assert "Laveste andel: Østerbro" in chart.summary
    assert "Højeste" not in districts(area("Valby", 17), area("Bispebjerg", 17)).summary


def test_districts_of_a_count_are_no_shares():
    chart = districts(area("Valby", 3), area("Indre By", 2), unit="count", limit=None)
    assert "andel" not in chart.summary
    assert not shapes(chart, "limit")


# Ranks


def test_a_ranking_names_edition_field_scope_and_ties():
    chart = ranking(
        Ranked("Bilbao", 64, 9),
        Ranked("København", 66, 7, True),
        Ranked("Oslo", 66, 7, True, "computed"),
        Ranked("Dublin", None, 3),
    )
    for words in ("januar 2012", "34 byer", "alle byer"):
        assert words in chart.title
        assert words in chart.summary
    assert "København: 7. plads (delt)" in chart.summary
    ticks = chart.figure["layout"]["yaxis"]["ticktext"]
    assert ticks == ["<b>7. København (delt)</b>", "7. Oslo (delt)", "9. Bilbao", "3. Dublin"]
    assert chart.figure["data"][0]["x"] == [66, 66, 64]
    assert chart.figure["data"][0]["marker"]["color"] == [ACCENT, INK, INK]
    kinds = [row["kind"].shown for row in chart.table.rows]
    assert kinds == ["offentliggjort", "beregnet", "offentliggjort", "offentliggjort"]
    assert chart.table.rows[3]["score"].shown == "score ikke oplyst"


def test_an_unknown_field_is_said_to_be_unknown():
    chart = ranking(Ranked("København", 74, 4), of=None, scope_label="byer over 200.000")
    assert "blandt byer over 200.000 (antallet af byer er ikke oplyst)" in chart.title


def test_a_path_writes_each_rank_with_its_field_and_draws_scores_only():
    chart = path(
        Placed("foråret 2011", 66, 5, True, 20, "netværksbyer"),
        Placed("januar 2012", 66, 8, True, 34, "alle byer"),
        Placed("2012", None, 3),
        Placed("1. kvartal 2012", 74, 4, False, None, "byer over 200.000 indbyggere"),
    )
    (trace,) = chart.figure["data"]
    assert trace["x"] == [66, 66, 74]
    standing = [words.replace("<br>", " ") for words in notes(chart, "standing")]
    assert "5. plads (delt) blandt 20 byer, netværksbyer" in standing[0]
    assert "8. plads (delt) blandt 34 byer, alle byer" in standing[1]
    assert "afgrænsning ikke oplyst" in standing[2]
    assert "blandt byer over 200.000 indbyggere (antallet af byer er ikke oplyst)" in standing[3]
    assert notes(chart, "value")[2] == "score ikke oplyst"
    assert "kan ikke sammenlignes" in chart.summary
    assert [row["rank"].value for row in chart.table.rows] == [5, 8, 3, 4]


def test_the_words_at_a_dot_of_the_path_stand_off_its_line():
    chart = path(*(Placed(str(n), score) for n, score in enumerate((66, 66, 74, 70))))
    marks = [one for one in chart.figure["layout"]["annotations"] if one.get("name") == "value"]
    shifts = [mark["yshift"] for mark in marks]
    assert shifts[0] == 0
    assert shifts[2] == 0
    assert shifts[1] > 0, "the line leaves to the right, below the words"
    assert shifts[3] < 0, "the line comes from the right, above the words"


def test_the_words_of_an_edition_stand_beside_its_dot():
    chart = path(Placed("januar 2012", 66, 8, True, 34, "alle byer"), Placed("2014", 70))
    marks = [one for one in chart.figure["layout"]["annotations"] if one.get("name") == "standing"]
    assert [mark["y"] for mark in marks] == chart.figure["data"][0]["y"]
    assert {mark["yanchor"] for mark in marks} == {"middle"}


def test_a_shared_place_stands_in_one_line_with_its_city():
    chart = ranking(Ranked("Reggio Emilia", 64, 14, True), Ranked("Prøveby 15", 64, 14, True))
    assert not any("<br>" in tick for tick in chart.figure["layout"]["yaxis"]["ticktext"])


def test_ranks_of_one_field_may_be_compared():
    same = [Placed(str(year), 60 + year % 5, 3, False, 20, "alle") for year in (2010, 2012)]
    assert "kan ikke sammenlignes" not in path(*same).summary


# Sparklines


def spark(values, **more):
    return ET.fromstring(charts.sparkline(values, "da", label="a <b> & c", **more))


def test_a_sparkline_has_a_name_and_gaps():
    picture = spark([11, 11, None, 7.1, 6.6])
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "a <b> & c"
    assert picture.find("title").text == "a <b> & c"
    lines = [line.get("points").split() for line in picture.iter("polyline")]
    assert [len(points) for points in lines] == [2, 2]
    first, last = lines[0][0], lines[-1][-1]
    assert float(first.split(",")[1]) < float(last.split(",")[1]), "a lower value stands lower"
    assert [picture.find("circle").get(key) for key in ("cx", "cy")] == last.split(",")


def test_a_sparkline_follows_time_where_it_is_given():
    picture = spark([1, 2, 3], places=[2009, 2010, 2019])
    first, middle, last = picture.find("polyline").get("points").split()
    along = [float(spot.split(",")[0]) for spot in (first, middle, last)]
    assert along[1] - along[0] < (along[2] - along[1]) / 5


def test_a_sparkline_of_one_or_of_none():
    assert spark([5]).find("polyline") is None
    assert spark([5]).find("circle") is not None
    assert spark([None, None]).text == "ingen tal"
    assert spark([]).text == "ingen tal"


# Colours. Simulation of colour vision: Machado, Oliveira, Fernandes (2009), severity 1.

SIGHTS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def light(colour):
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]


def contrast(colour, ground=PAPER):
    def luminance(rgb):
        return sum(w * s for w, s in zip((0.2126, 0.7152, 0.0722), light(rgb), strict=True))

    low, high = sorted([luminance(colour), luminance(ground)])
    return (high + 0.05) / (low + 0.05)


def seen(colour, sight):
    """OKLab of the colour as that sight has it."""
    rgb = light(colour)
    r, g, b = (
        min(1.0, max(0.0, sum(w * s for w, s in zip(row, rgb, strict=True))))
        for row in SIGHTS[sight]
    )
    cones = (
        0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
        0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
        0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
    )
    long, medium, short = (c ** (1 / 3) for c in cones)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def apart(first, second, sight):
    pair = zip(seen(first, sight), seen(second, sight), strict=True)
    return sum((a - b) ** 2 for a, b in pair) ** 0.5


def test_the_simulation_tells_known_cases():
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)
    red, green = "#c00000", "#6b6b00"
    assert apart(red, green, "deuteranopia") < apart(red, green, "normal") / 2


@pytest.mark.parametrize("colour", sorted({*STATUS_COLOURS.values(), *SERIES, INK, MUTED, ACCENT}))
def test_every_colour_can_carry_text_on_white(colour):
    assert contrast(colour) >= 4.5


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("colours", [SERIES, tuple(sorted(set(STATUS_COLOURS.values())))])
def test_colours_stay_apart_for_every_sight(colours, sight):
    least = min(apart(a, b, sight) for a, b in itertools.combinations(colours, 2))
    assert least > 0.1


def test_shapes_and_colours_cover_the_same_statuses():
    assert charts.STATUS_GLYPHS.keys() == STATUS_COLOURS.keys()


def test_within_a_rule_every_status_has_its_own_shape_and_colour():
    for rule in (
        ["progress", "standstill", "setback", "no_new_figures"],
        ["green", "yellow", "red", "white"],
        ["met", "not_met", "cannot_tell"],
    ):
        assert len({charts.STATUS_GLYPHS[code] for code in rule}) == len(rule)
        assert len({STATUS_COLOURS[code] for code in rule}) == len(rule)


def test_styles_read_the_same_colours():
    block = charts.css_variables()
    assert block.startswith(":root {\n")
    for code, colour in STATUS_COLOURS.items():
        assert f"--status-{code.replace('_', '-')}: {colour};" in block
    for place, colour in enumerate(SERIES, 1):
        assert f"--series-{place}: {colour};" in block
