"""What can go wrong is told in both languages, for every code the library uses."""

from __future__ import annotations

import ast
import string
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from barometer_lib.catalogue.entries import KINDS
from barometer_lib.errors import (
    BadInput,
    BarometerError,
    Fault,
    FaultsFound,
    NotFound,
    nearest,
    say,
    say_fault,
)

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "barometer_lib"
LANGUAGES = ("da", "en")
ERRORS = {"BarometerError", "BadInput", "StoreError"}
# Said of every fault: these facts are always there to be named.
FAULT_FACTS = set(Fault("x", "f").facts())


@cache
def messages(lang: str) -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(
        (PACKAGE / "errors" / f"messages.{lang}.yml").read_text("utf-8")
    )
    return found


@cache
def calls() -> list[tuple[str, ast.Call]]:
    """Every call of the library's source by the name that is called."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                found.append((name, node))
    return found


def constant(call: ast.Call, place: int) -> str | None:
    """The text that stands as an argument of a call, if it is a plain text."""
    if len(call.args) <= place:
        return None
    argument = call.args[place]
    is_text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return str(argument.value) if is_text else None


def used_codes() -> set[str]:
    """Codes of faults and errors as they are written where they are raised."""
    codes = {
        f"fault_{code}"
        for name, call in calls()
        for code in (constant(call, 0 if name == "Fault" else 2),)
        if name in ("Fault", "_at") and code
    }
    return codes | {
        code for name, call in calls() if name in ERRORS and (code := constant(call, 0))
    }


def texts_in_source() -> set[str]:
    return {
        node.value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def fields(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_codes_are_found_at_all():
    assert {"fault_id_twice", "fault_polarity_guessed", "bad_period"} <= used_codes()
    assert "store_missing" in used_codes()
    assert len(used_codes()) > 40


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_words(lang: str):
    assert used_codes() - set(messages(lang)) == set()


def test_every_message_is_used():
    ways = ("mended_by_", "kind_")
    known = texts_in_source()
    codes = [code for code in messages("en") if not code.startswith(ways)]
    assert [code for code in codes if code.removeprefix("fault_") not in known] == []


def test_both_languages_say_the_same_things_with_the_same_facts():
    assert list(messages("da")) == list(messages("en"))
    for code, words in messages("da").items():
        assert fields(words) == fields(messages("en")[code]), code
        assert words.strip()


def test_danish_is_not_english():
    same = {
        code for code, words in messages("da").items()
        if words == messages("en")[code] and not code.startswith("kind_")
    }  # fmt: skip
    assert same == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_has_a_name(lang: str):
    kinds = {f"kind_{kind}" for kind in KINDS} | {"kind_dataset", "kind_edition", "kind_scope"}
    assert kinds - set(messages(lang)) == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whoever_mends_a_fault_is_named(lang: str):
    menders = {
        keyword.value.value
        for name, call in calls()
        for keyword in call.keywords
        if keyword.arg == "mended_by" and isinstance(keyword.value, ast.Constant)
    } | {Fault("x", "f").mended_by}
    assert {"analyst", "source", "mapping"} <= menders
    for mender in menders:
        assert f"mended_by_{mender}" in messages(lang)


# --- how it is said --------------------------------------------------------------------------

FAULT = Fault(
    "not_mapped",
    "deliveries/a/figures.csv",
    line=7,
    column="area",
    found="Norrebro",
    allowed="101-03",
    nearest=("101-03", "101-04"),
    mended_by="mapping",
    fields={"kind": "area"},
)


def test_a_fault_is_told_with_place_remedy_and_likely_meaning():
    assert say_fault(FAULT, "en") == (
        "deliveries/a/figures.csv:7 [area]: 'Norrebro' has no mapping in delivery.yml and is not "
        "a known area. Allowed: 101-03. Did you mean: 101-03, 101-04? (Mend: the analyst, in "
        "delivery.yml or the catalogue; do not edit the delivered file.)"
    )
    assert say_fault(FAULT, "da").startswith("deliveries/a/figures.csv:7 [area]: 'Norrebro'")
    assert "Mente du: 101-03, 101-04?" in say_fault(FAULT, "da")


def test_a_fault_without_a_line_names_its_file():
    assert say_fault(Fault("file_missing", "goals.yml"), "en").startswith("goals.yml: ")


def test_the_facts_of_a_fault_are_codes():
    facts = FAULT.facts()
    assert (facts["code"], facts["line"], facts["nearest"]) == (
        "not_mapped", 7, ["101-03", "101-04"],
    )  # fmt: skip
    assert {"severity", "file", "column", "found", "allowed", "mended_by"} <= FAULT_FACTS


def test_faults_are_told_together_in_the_order_of_their_files():
    faults = [
        Fault("file_missing", "b.yml"),
        Fault("id_twice", "a.yml", line=9, found="x"),
        Fault("id_twice", "a.yml", line=2, found="y"),
    ]
    error = FaultsFound(faults)
    assert [(one.file, one.line) for one in error.faults] == [
        ("a.yml", 2), ("a.yml", 9), ("b.yml", None),
    ]  # fmt: skip
    assert say(error, "da") == "3 fejl fundet; intet er ændret."
    assert str(error).splitlines()[0].startswith("3 fault")
    assert len(str(error).splitlines()) == 4


def test_what_does_not_exist_is_told_with_what_does():
    near = NotFound("indicator", "overledighet", ["overledighed", "bydele_over_10"])
    assert say(near, "en") == "There is no indicator 'overledighet'. Did you mean: overledighed?"
    far = NotFound("policy", "zzz", ["2011-2014", "2007-2010"])
    assert say(far, "da") == "Der findes ikke politikken 'zzz'. Der findes: 2007-2010, 2011-2014."
    many = NotFound("area", "zzz", [f"{number:03}" for number in range(41)])
    assert say(many, "en") == "There is no area 'zzz'."
    none = NotFound("area", "zzz", [])
    assert say(none, "en") == "There is no area 'zzz'."


def test_errors_carry_an_exit_code_and_english_words():
    error = BadInput("bad_date", asked="x")
    assert isinstance(error, BarometerError)
    assert error.exit_code == 1
    assert str(error) == say(error, "en")


@given(st.lists(st.text(min_size=1), min_size=1, unique=True), st.data())
def test_a_code_that_exists_is_nearest_to_itself(codes: list[str], drawn: st.DataObject):
    asked = drawn.draw(st.sampled_from(codes))
    found = nearest(asked, codes)
    assert len(found) <= 3
    assert set(found) <= set(codes)
    assert asked.casefold() in {code.casefold() for code in found}


def test_case_does_not_keep_codes_apart():
    assert nearest("BIU", ["biu", "ku"]) == ["biu"]
    assert nearest("", ["a"]) == []
