"""One table, four ways of writing it."""

import csv
import datetime as dt
import html.parser
import io

import pytest

from barometer_lib.tables import (
    Cell,
    Column,
    Table,
    as_csv,
    as_html,
    as_json_rows,
    as_text,
)

COLUMNS = [
    Column("area", "Område", kind="label"),
    Column("value", "Andel", "right", "number"),
    Column("status", "Status", kind="status"),
    Column("source", "Kilde", kind="address"),
]


def row(area, value, shown, status="progress", source="https://example.org/?a=1&b=2", note=None):
    return {
        "area": Cell(area, area),
        "value": Cell(value, shown, note),
        "status": Cell(status, status),
        "source": Cell(source, "kilde"),
    }


TABLE = Table(
    "Utrygge <i>nu</i>",
    COLUMNS,
    [
        row("Østerbro", 5, "5 pct.", note="4-6 pct."),
        row('Vesterbro, "Kgs." Enghave', 9.25, "9,3 pct."),
        row("<script>alert(1)</script>", None, "diskretioneret", source="javascript:alert(1)"),
    ],
    ["Kun bydele & byen."],
)


class Reader(html.parser.HTMLParser):
    """Cells of a page as (tag, attributes, text)."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.cells = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag in ("td", "th", "caption"):
            self.cells.append([tag, dict(attrs), ""])

    def handle_data(self, data):
        if self.cells:
            self.cells[-1][2] += data


def test_text_is_aligned_and_nothing_is_cut():
    lines = as_text(TABLE).splitlines()
    assert lines[0] == "Utrygge <i>nu</i>"
    head, rule, *body = lines[2:7]
    assert head.startswith("Område")
    ends = {line.index(word) + len(word) for line, word in zip(body, VALUES, strict=True)}
    assert ends == {head.index("Andel") + len("Andel")}
    assert set(rule) == {"-", " "}
    assert lines[-1] == "Kun bydele & byen."


VALUES = ["5 pct. (4-6 pct.)", "9,3 pct.", "diskretioneret"]


def test_csv_carries_raw_values():
    page = as_csv(TABLE)
    assert page.startswith("area,value,status,source\r\n")
    rows = list(csv.DictReader(io.StringIO(page, newline="")))
    assert [one["value"] for one in rows] == ["5", "9.25", ""]
    assert rows[1]["area"] == 'Vesterbro, "Kgs." Enghave'
    assert page.count("\r\n") == 4


def test_json_rows_carry_raw_values():
    assert as_json_rows(TABLE)[2]["value"] is None
    dated = Table("t", [Column("d", "D"), Column("b", "B")], [DATED])
    assert as_json_rows(dated) == [{"d": "2013-01-31", "b": True}]
    assert as_csv(dated) == "d,b\r\n2013-01-31,true\r\n"


DATED = {"d": Cell(dt.date(2013, 1, 31), "31. januar 2013"), "b": Cell(True, "ja")}


def test_html_is_escaped_and_scoped():
    page = as_html(TABLE, ["table", "table--lines"])
    read = Reader(page)
    assert "script" not in read.tags
    assert "i" not in read.tags
    assert read.tags.count("a") == 2, "an address that is none is no link"
    assert "javascript:" not in page
    assert page.startswith('<table class="table table--lines"><caption>')
    caption, *cells = read.cells
    assert caption[2] == "Utrygge <i>nu</i>"
    assert [one[1].get("scope") for one in cells[:4]] == ["col"] * 4
    assert [cells[at][1].get("scope") for at in (4, 8, 12)] == ["row"] * 3
    assert all(cells[at][1].get("class") == "num" for at in (1, 5, 9, 13))
    assert '<span class="status status--progress">progress</span>' in page
    assert '<p class="note">Kun bydele &amp; byen.</p>' in page


def test_a_remark_in_another_language_says_which():
    quoted = Cell("x", "noteret som", "»cities«", "en")
    table = Table("t", [Column("a", "a")], [{"a": quoted}])
    assert '<td>noteret som <span class="meta" lang="en">»cities«</span></td>' in as_html(table)
    assert "noteret som (»cities«)" in as_text(table)


def test_no_shown_cell_is_empty():
    for tag, _, words in Reader(as_html(TABLE)).cells:
        assert words.strip(), tag
    with pytest.raises(ValueError, match="show"):
        Cell(None, "")
    with pytest.raises(ValueError, match="show"):
        Cell(5, "  ")


def test_rows_must_fit_the_columns():
    with pytest.raises(ValueError, match="columns"):
        Table("t", COLUMNS, [{"area": Cell("x", "x")}])
    with pytest.raises(ValueError, match="columns"):
        Table("t", [COLUMNS[0], COLUMNS[0]], [])


@pytest.mark.parametrize(("lang", "words"), [("da", "ingen rækker"), ("en", "no rows")])
def test_an_empty_table_says_so(lang, words):
    empty = Table("t", COLUMNS, [], lang=lang)
    assert words in as_html(empty)
    assert words in as_text(empty)
    assert as_csv(empty) == "area,value,status,source\r\n"
    assert as_json_rows(empty) == []
