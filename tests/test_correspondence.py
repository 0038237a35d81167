"""`data/letters/`: what is said of letters, what came back, and every fault in its form."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from barometer_lib import correspondence
from barometer_lib.catalogue import inspect
from barometer_lib.errors import say_fault

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="module")
def city():
    content, _ = inspect(DATA / "catalogue" / "demo")
    assert content is not None
    return content


def read(text, city, folder, name="demo-2014-07.yml"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return correspondence.read(folder, city)


def test_the_shipped_letters_have_no_fault(city):
    found = correspondence.read(DATA / "letters", city)
    assert found.faults == ()
    rows = found.tables()
    assert {row["committee"] for row in rows["letter"]} == set(city.entries["committee"])
    written = {row["round"]: row["written"] for row in rows["letter_round"]}
    assert written == {"demo-2014-01": None, "demo-2014-07": date(2014, 8, 11)}


def test_no_folder_no_letters(city, tmp_path):
    assert correspondence.read(tmp_path / "none", city) == correspondence.Correspondence()


def test_letters_of_the_other_dataset_are_left_to_it(city, tmp_path):
    assert read("round: 2013-01\n", city, tmp_path, "2013-01.yml").rounds == ()


REPLY = """
round: demo-2014-07
letters:
- committee: demo-EMP
  replies:
  - id: demo-reply
    form: budget_proposal
    received: 2014-10-01
    goal: demo-2011-2014-g1
    words: {da: Svar., en: Reply.}
    amount: 2000000
    budget_year: 2015
"""


def test_a_reply_is_a_row_and_its_words_a_label(city, tmp_path):
    found = read(REPLY, city, tmp_path)
    assert found.faults == ()
    [row] = found.tables()["letter_reply"]
    assert (row["reply"], row["round"], row["committee"]) == (
        "demo-reply", "demo-2014-07", "demo-EMP",
    )  # fmt: skip
    assert (row["form"], row["goal"], row["amount"], row["budget_year"]) == (
        "budget_proposal", "demo-2011-2014-g1", 2000000, 2015,
    )  # fmt: skip
    assert {"kind": "letter_reply", "code": "demo-reply", "lang": "da", "words": "Svar."} in list(
        found.words()
    )


@pytest.mark.parametrize(
    ("before", "after", "code", "line", "column"),
    [
        ("round: demo-2014-07", "round: demo-2014-01", "unknown_code", 2, "round"),
        ("committee: demo-EMP", "committee: demo-EMPL", "unknown_code", 4, "committee"),
        ("goal: demo-2011-2014-g1", "goal: demo-g1", "unknown_code", 9, "goal"),
        ("    budget_year: 2015\n", "", "letter_amount", 11, "amount"),
        ("form: budget_proposal", "form: gift", "wrong_value", 7, "letters.0.replies.0.form"),
        ("received: 2014-10-01", "recieved: 2014-10-01", "field_unknown", 8,
         "letters.0.replies.0.recieved"),
        ("letters:\n", "unassigned_to: demo-XXX\nletters:\n", "unknown_code", 3, "unassigned_to"),
        ("letters:\n", "letters:\n- committee: demo-EMP\n", "id_twice", 5, "committee"),
        ("round: demo", "round: [", "not_yaml", None, None),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(city, tmp_path, before, after, code, line, column):
    assert before in REPLY
    found = read(REPLY.replace(before, after), city, tmp_path)
    fault = next(one for one in found.faults if one.code == code)
    assert fault.file == "letters/demo-2014-07.yml"
    if line is not None:
        assert (fault.line, fault.column) == (line, column)
    assert found.rounds == ()
    assert all(say_fault(fault, lang) for lang in ("da", "en"))


def test_what_people_wrote_of_the_council_paper_are_labels_by_part_and_number(city, tmp_path):
    text = (
        "round: demo-2014-07\nagenda:\n  case_number: demo-1\n  committee:\n"
        "  - {da: a, en: b}\n  - {da: c, en: d}\n  economy: {da: e, en: f}\n"
    )
    found = read(text, city, tmp_path)
    assert found.faults == ()
    words = {(row["code"], row["lang"]): row["words"] for row in found.words()}
    assert words["demo-2014-07/committee/1", "en"] == "d"
    assert words["demo-2014-07/economy/0", "da"] == "e"
    [paper] = found.tables()["letter_paper"]
    assert (paper["kind"], paper["case_number"], paper["approved_by"]) == ("agenda", "demo-1", None)


def test_challenges_and_none_of_them_do_not_go_together(city, tmp_path):
    text = (
        "round: demo-2014-07\nletters:\n- committee: demo-EMP\n  no_challenges: true\n"
        "  challenges: {words: {da: A, en: A}, by: B, title: {da: C, en: C}, date: 2014-08-01}\n"
    )
    [fault] = read(text, city, tmp_path).faults
    assert (fault.code, fault.line) == ("letter_challenges_both", 4)
