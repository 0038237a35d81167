"""JSON-stat documents: every shape, every cell under its codes, every fault with its place."""

from __future__ import annotations

import json
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barometer_lib.deliveries import cells, jsonstat
from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.reading import load_raw
from barometer_lib.errors import say_fault

# Two by three cells; the last dimension runs fastest.
SEX = {"label": "sex", "category": {"index": ["M", "F"], "label": {"M": "Men", "F": "Women"}}}
TIME = {"category": {"index": {"2020": 2, "2018": 0, "2019": 1}}}
SIX = [
    ("M", "2018", "11", ""),
    ("M", "2019", "12", ""),
    ("M", "2020", "13", ""),
    ("F", "2018", "21", ""),
    ("F", "2019", "22", ""),
    ("F", "2020", "23", ""),
]


def version_2(**changed):
    document = {
        "version": "2.0",
        "class": "dataset",
        "label": "People",
        "updated": "2021-12-13",
        "id": ["sex", "time"],
        "size": [2, 3],
        "dimension": {"sex": SEX, "time": TIME},
        "value": [11, 12, 13, 21, 22, 23],
    }
    return {key: one for key, one in (document | changed).items() if one is not None}


def version_1(**changed):
    """StatBank's shape: one named dataset; id, size and role inside `dimension`."""
    inside = {"sex": SEX, "time": TIME, "id": ["sex", "time"], "size": [2, 3]}
    inside["role"] = {"time": ["time"]}
    return {"dataset": {"dimension": inside, "value": [11, 12, 13, 21, 22, 23], **changed}}


def read(document):
    """The cube of a document that must be whole."""
    text = document if isinstance(document, str) else json.dumps(document)
    cube, faults = jsonstat.read(text, "answer.json")
    assert faults == []
    return cube


def rows(document):
    return list(read(document).rows())


def test_both_versions_give_the_same_cells():
    assert rows(version_2()) == SIX
    assert rows(version_1()) == SIX
    assert read(version_1()).columns == ("sex", "time", "value", "status")


def test_labels_codes_and_date_of_the_table():
    cube = read(version_2())
    assert (cube.label, cube.updated) == ("People", "2021-12-13")
    sex, time = cube.dimensions
    assert (sex.label, sex.codes, sex.labels) == ("sex", ("M", "F"), {"M": "Men", "F": "Women"})
    # A dimension without a label is called by its id, a category by its code.
    assert (time.label, time.labels["2019"]) == ("time", "2019")


def test_an_answer_of_statbank():
    """As FOLK1A answers for the newest quarter, with the dimension that StatBank adds."""
    contents = {
        "label": "Indhold",
        "category": {
            "index": {"FOLK1A": 0},
            "label": {"FOLK1A": "Population"},
            "unit": {"FOLK1A": {"base": "number", "decimals": 0}},
        },
    }
    time = {"label": "time", "category": {"index": {"2020K1": 0}, "label": {"2020K1": "2020Q1"}}}
    document = {
        "dataset": {
            "dimension": {
                "ContentsCode": contents,
                "Tid": time,
                "id": ["ContentsCode", "Tid"],
                "size": [1, 1],
                "role": {"metric": ["ContentsCode"], "time": ["Tid"]},
            },
            "label": "Population by Indhold and time",
            "updated": "2020-02-11T07:00:00Z",
            "value": [5822763],
        }
    }
    cube = read(document)
    assert list(cube.rows()) == [("FOLK1A", "2020K1", "5822763", "")]
    assert cube.dimensions[1].labels == {"2020K1": "2020Q1"}


def test_a_sparse_document_gives_only_the_cells_it_has():
    found = rows(version_2(value={"5": 23.50, "1": None}, status={"1": ":", "4": "c"}))
    assert found == [
        ("M", "2019", "", ":"),
        ("F", "2019", "", "c"),
        ("F", "2020", "23.5", ""),
    ]


def test_a_null_is_a_cell_without_a_value():
    found = rows(version_2(value=[11, None, 13, 21, 22, 23]))
    assert found[1] == ("M", "2019", "", "")
    assert len(found) == 6


@pytest.mark.parametrize("status", ["p", ["p"], ["p"] * 6, {str(at): "p" for at in range(6)}])
def test_one_status_may_stand_for_every_cell(status):
    assert {row[-1] for row in rows(version_2(status=status))} == {"p"}


def test_digits_stay_as_they_were_written():
    text = json.dumps(version_2(value=[0, 0, 0, 0, 0, 0]))
    text = text.replace("[0, 0, 0, 0, 0, 0]", '[93.10, -0.0, 1e2, 1.50E-3, 12, ".."]')
    assert [row[2] for row in rows(text)] == ["93.10", "-0.0", "100", "0.00150", "12", ".."]


def test_a_dimension_of_one_category_needs_no_index():
    unit = {"category": {"label": {"PC": "Percentage"}}}
    document = version_2(
        id=["unit", "time"], size=[1, 3], dimension={"unit": unit, "time": TIME}, value=[1, 2, 3]
    )
    assert [row[:2] for row in rows(document)] == [("PC", "2018"), ("PC", "2019"), ("PC", "2020")]


CODES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=5)
NAMES = st.lists(
    st.text("abcdefgh", min_size=1, max_size=4).filter(lambda name: name not in ("id", "size")),
    min_size=1,
    max_size=4,
    unique=True,
)


@st.composite
def cubes(draw):
    """A document of either version and the cells it was made from."""
    names = draw(NAMES)
    codes = [draw(st.lists(CODES, min_size=1, max_size=4, unique=True)) for _ in names]
    sizes = [len(one) for one in codes]
    value = (
        st.none()
        | st.integers(-(10**9), 10**9)
        | st.floats(-1e6, 1e6).map(lambda one: round(one, 6))
    )
    values = draw(st.lists(value, min_size=prod(sizes), max_size=prod(sizes)))
    indexes = [
        one if draw(st.booleans()) else {code: at for at, code in enumerate(one)} for one in codes
    ]
    dimension = {
        name: {"category": {"index": index}} for name, index in zip(names, indexes, strict=True)
    }
    sparse = draw(st.booleans())
    given = {str(at): one for at, one in enumerate(values) if one is not None} if sparse else values
    if draw(st.booleans()):
        document = {"id": names, "size": sizes, "dimension": dimension, "value": given}
    else:
        inside = {**dimension, "id": names, "size": sizes}
        document = {"dataset": {"dimension": inside, "value": given}}
    return document, names, codes, values, sparse


@given(cubes())
def test_every_cell_comes_back_under_its_own_codes(drawn):
    document, names, codes, values, sparse = drawn
    cube = read(json.dumps(document))
    assert cube.columns == (*names, "value", "status")
    expected = {}
    for at, value in enumerate(values):
        rest, key = at, []
        for one in reversed(codes):
            rest, place = divmod(rest, len(one))
            key.append(one[place])
        expected[tuple(reversed(key))] = value
    found = {row[:-2]: row[-2] for row in cube.rows()}
    if sparse:
        expected = {key: one for key, one in expected.items() if one is not None}
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert (float(found[key]) if found[key] else None) == value


def fault(document):
    text = document if isinstance(document, str) else json.dumps(document)
    cube, faults = jsonstat.read(text, "answer.json")
    assert cube is None
    assert len(faults) == 1
    for lang in ("da", "en"):
        assert "answer.json" in say_fault(faults[0], lang)
    return faults[0].code, faults[0].column, faults[0].found, faults[0].line


def with_dimension(**changed):
    return version_2(dimension={"sex": SEX, "time": TIME} | changed)


@pytest.mark.parametrize(
    ("document", "code", "place", "found"),
    [
        ([], "jsonstat_no_dataset", None, None),
        ({"error": {"label": "no"}}, "jsonstat_no_dataset", None, "error"),
        (version_2(**{"class": "collection"}), "jsonstat_no_dataset", "class", "collection"),
        (version_1() | {"more": version_2()}, "jsonstat_many", None, "dataset, more"),
        (version_2(value=None), "jsonstat_missing", "value", None),
        (version_2(id=None), "jsonstat_missing", "id", None),
        (version_2(size=None), "jsonstat_missing", "size", None),
        (version_2(id=["sex", "age"]), "jsonstat_missing", "dimension.age", None),
        (version_2(id=["sex", "sex"]), "jsonstat_names", "id", "sex, sex"),
        (version_2(id=["sex", "Value"]), "jsonstat_names", "id", "sex, Value"),
        (version_2(id=[], size=[], value=[]), "jsonstat_names", "id", ""),
        (version_2(id="sex"), "jsonstat_kind", "id", '"sex"'),
        (version_2(size=[2]), "jsonstat_size", "size", "1"),
        (version_2(size=[2, 4]), "jsonstat_size", "dimension.time.category.index", "3"),
        (version_2(size=[2, -3]), "jsonstat_kind", "size", "-3"),
        (version_2(size=[2, 3.0]), "jsonstat_kind", "size", "3.0"),
        (version_2(size=[2, "3"]), "jsonstat_kind", "size", "3"),
        (version_2(value=[11, 12, 13]), "jsonstat_length", "value", "3"),
        (version_2(value={"6": 1}), "jsonstat_position", "value", "6"),
        (version_2(value={"01": 1}), "jsonstat_position", "value", "01"),
        (version_2(value={"-1": 1}), "jsonstat_position", "value", "-1"),
        (version_2(value=5), "jsonstat_kind", "value", '"5"'),
        (version_2(value=[11, 12, [13], 21, 22, 23]), "jsonstat_value", "value.2", '["13"]'),
        (version_2(value=[True] * 6), "jsonstat_value", "value.0", "true"),
        (version_2(status=["p", "p"]), "jsonstat_length", "status", "2"),
        (with_dimension(time={}), "jsonstat_kind", "dimension.time.category", "null"),
        (with_dimension(time=[]), "jsonstat_kind", "dimension.time", "[]"),
        (
            with_dimension(time={"category": {"index": ["2018", "2018", "2019"]}}),
            "jsonstat_names",
            "dimension.time.category.index",
            "2018, 2018, 2019",
        ),
        (
            with_dimension(time={"category": {"index": {"2018": 0, "2019": 1, "2020": 3}}}),
            "jsonstat_order",
            "dimension.time.category.index",
            "[0, 1, 3]",
        ),
        (
            with_dimension(time={"category": {"label": {"2018": "a", "2019": "b", "2020": "c"}}}),
            "jsonstat_kind",
            "dimension.time.category.index",
            "null",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(document, code, place, found):
    assert fault(document)[:3] == (code, place, found)


def test_text_that_is_no_json_is_told_with_its_line():
    whole = json.dumps(version_2(), indent=1)
    half = whole[: len(whole) // 2]
    code, _, _, line = fault(half)
    assert code == "json_form"
    assert line == len(half.splitlines())
    assert fault("<html>")[0] == "json_form"
    assert fault("[" * 200_000)[0] == "json_form"


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999999999", "1" * 41, "1e-41"])
def test_numbers_beyond_reason_are_refused(number):
    text = json.dumps(version_2()).replace("11,", f"{number},", 1)
    assert fault(text)[:2] == ("jsonstat_value", "value" if number[-1].isalpha() else "value.0")


def test_a_key_that_stands_twice_is_refused():
    text = json.dumps(version_2(value={"0": 1})).replace('"0": 1', '"0": 1, "0": 2')
    assert fault(text)[:3] == ("key_twice", None, "0")


def test_a_size_that_no_machine_holds_is_refused():
    many = {"category": {"index": [str(at) for at in range(2000)]}}
    names = ["a", "b", "c"]
    document = version_2(
        id=names, size=[2000] * 3, dimension=dict.fromkeys(names, many), value={"0": 1}
    )
    assert fault(document)[:3] == ("jsonstat_size", "size", "8000000000")


@pytest.fixture
def con():
    import duckdb

    with duckdb.connect(":memory:") as open_con:
        yield open_con


def load(con, folder, content):
    path = folder / "answer.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    spec = DeliveredFile(file=path.name, holds="evidence", format="json-stat", sha256="0" * 64)
    return load_raw(con, path, spec, "statbank/answer.json")


def test_cells_become_raw_rows_with_their_number(con, tmp_path):
    document = version_2(value={"1": 12.50, "5": None})
    raw = load(con, tmp_path, "\ufeff" + json.dumps(document))
    assert (raw.columns, raw.rows, raw.faults) == (("sex", "time", "value", "status"), 2, ())
    query = 'select sex, time, value, status, "#position", "#line" from raw_rows order by "#line"'
    assert con.execute(query).fetchall() == [
        ("M", "2019", "12.5", "", 1, 2),
        ("F", "2020", "", "", 2, 6),
    ]
    types = {row[0]: row[1] for row in con.execute("describe raw_rows").fetchall()}
    assert types == dict.fromkeys(("sex", "time", "value", "status"), "VARCHAR") | {
        "#position": "BIGINT",
        "#line": "INTEGER",
    }


def test_a_second_file_takes_the_place_of_the_first(con, tmp_path):
    load(con, tmp_path, json.dumps(version_2()))
    load(con, tmp_path, json.dumps(version_2(value={"0": 1})))
    assert con.execute("select count(*) from raw_rows").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"a": "\xe6"}', "not_utf8"),
        (b"{", "json_form"),
        (json.dumps(version_2(value={})).encode(), "delivery_empty"),
    ],
)
def test_a_file_that_cannot_be_trusted_gives_no_rows(con, tmp_path, content, code):
    raw = load(con, tmp_path, content)
    assert (raw.columns, raw.rows, [fault.code for fault in raw.faults]) == ((), 0, [code])


def test_the_reader_of_cells_is_reached_through_the_format_alone(con, tmp_path, monkeypatch):
    called = []
    monkeypatch.setattr(cells, "load_cells", lambda *given: called.append(given))
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    spec = DeliveredFile(file="a.csv", holds="evidence", sha256="0" * 64)
    assert load_raw(con, path, spec, "a.csv").rows == 1
    assert called == []
