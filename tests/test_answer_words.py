"""Every sentence the answers can be told in, in both languages, over all codes and reasons."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

import shared_store
from barometer_lib import locale
from barometer_lib.assessment.named import RULES, classes_of, span_of
from barometer_lib.assessment.named.spans import Course
from barometer_lib.charts import STATUS_GLYPHS, STATUS_TONES
from barometer_lib.sentences.answers import answer, chance, series_facts, stale, worked_out
from barometer_lib.sentences.rules import rule_name, rule_says, rule_sure, side_by_side
from barometer_lib.store import session
from barometer_lib.store.answers import answers, rule_verdicts

# What a reader must never meet, by language.
NEVER = {
    "da": ("uændret", "tendens", "trend", "prognose", "skyldes", "effekt", "bedste", "dårligste"),
    "en": ("unchanged", "trend", "forecast", "because of", "effect"),
}
FACTS: dict[str, Any] = {
    "value": 60.9, "unit": "percent", "period": "2012-S2", "points": 4, "first_period": "2010-S1",
    "before_break": 2, "suppressed": 1, "revised": 1, "new": True, "target": 62.0,
    "target_kind": "minimum", "target_period": "2014", "target_direction": "up",
    "target_code": "t", "low": -1.5, "high": 4.25, "change": 1.4, "change_kind": "computed",
    "reference_period": "2011", "reference_value": 59.5, "numerator": 609.0, "denominator": 1000.0,
    "sample_size": None, "design_effect": 1.5, "polarity": "higher", "slope": 0.412, "p": 0.031,
    "base_period": "2010", "base_value": 57.0, "observed_per_year": 1.95,
    "required_per_year": 1.25, "needed_per_year": 0.55, "projected": 62.4, "probability": 0.62,
    "meets": 2013, "meets_low": 2011, "meets_high": "never", "least_probability": 0.8,
}  # fmt: skip


def keys(branch: Any, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(branch, str):
        return [above]
    return [found for key, below in branch.items() for found in keys(below, (*above, key))]


def combinations() -> list[tuple[str, str, str, str]]:
    """Question, code, reason and the last part of the key (a direction, or a form of it)."""
    words = locale.words("da")["answers"]
    found = []
    for question in ("level", "direction", "pace"):
        for code, reason, *last in keys(words[question]):
            found.append((question, code, reason, last[0] if last else ""))
    return found


def row(question: str, code: str, reason: str, last: str, evidence: str) -> dict[str, Any]:
    facts = dict(FACTS)
    numbers: dict[str, Any] = {"amount": 1.4, "low": -1.5, "high": 4.25, "probability": 0.62}
    if reason.endswith("_two"):
        numbers |= {"amount": None, "low": None, "high": None}
        reason = reason.removesuffix("_two")
    if reason.endswith("_same"):
        numbers["amount"] = 0.0
        reason = reason.removesuffix("_same")
    if last:
        facts["target_direction"] = None if last == "stated" else last
    if code in ("cannot_tell", "no_target"):
        facts["target"] = None
        numbers = dict.fromkeys(numbers)
    return {
        "question": question, "code": code, "reason": reason, "evidence": evidence, "points": 4,
        "unit": "percentage_points", "decimals": 1, "facts": facts, "indicator": "x", **numbers,
    }  # fmt: skip


def well_written(sentence: str, lang: str) -> None:
    assert re.fullmatch(r"\S.*[.]", sentence), sentence
    assert not re.search(r"[{}]|  |\.\.|None|\( *\)| ,| ;|:\s*\.|\bpct\. \d", sentence), sentence
    assert sentence[0].isupper() or sentence[0] in "+0123456789\N{MINUS SIGN}", sentence
    for word in NEVER[lang]:
        assert not re.search(rf"\b{word}", sentence, re.IGNORECASE), (word, sentence)
    if lang == "da":
        assert "%" not in sentence, sentence


@pytest.mark.parametrize("lang", locale.LANGUAGES)
@pytest.mark.parametrize("parts", combinations(), ids="-".join)
def test_every_combination_is_one_plain_sentence(parts, lang):
    for evidence in ("change", "indicative", "trend"):
        one = row(*parts, evidence)
        sentence = answer(one, lang)
        well_written(sentence, lang)
        label = locale.text(lang, "answers.code." + one["code"])
        assert label
        early = one["question"] == "pace" and evidence in ("change", "indicative")
        told = one["code"] != "cannot_tell" and one["reason"] != "target_period_reached"
        marked = locale.text(lang, "answers.indicative", sentence="")
        assert sentence.startswith(marked.strip()) is (early and told)


def test_both_languages_know_the_same_combinations():
    assert keys(locale.words("da")["answers"]) == keys(locale.words("en")["answers"])


@pytest.mark.parametrize("lang", locale.LANGUAGES)
@pytest.mark.parametrize("question", ["level", "direction", "pace"])
def test_the_numbers_behind_an_answer_have_names_and_units(question, lang):
    one = row(question, "met", "by_figure", "", "indicative")
    listed = [*series_facts(one, lang), *worked_out(one, lang)]
    assert len(listed) > 7
    names = [name for name, _ in listed]
    assert len(set(names)) == len(names)
    for name, words in listed:
        assert name
        assert words
        assert "None" not in words


@pytest.mark.parametrize("lang", locale.LANGUAGES)
@pytest.mark.parametrize("dataset", ["published", "demo"])
def test_what_the_store_holds_can_be_said(dataset, lang):
    """Every answer and every verdict of the built store, all areas and groups."""
    with session(shared_store.pointer(), dataset) as look:
        places = look.rows("select distinct area, population_group from answer")
        found = [
            one
            for place in places
            for one in answers(look, area=place["area"], group=place["population_group"])
        ]
        verdicts = rule_verdicts(look)
    assert found
    assert verdicts
    for one in found:
        well_written(answer(one, lang), lang)
        worked_out(one, lang)
        assert one["facts"]["new"] or one["facts"]["value"] is None or stale(one, lang)
    for one in verdicts:
        assert rule_name(one["rule"], lang)
        assert rule_says(one, lang)
        assert rule_sure(one, lang)
    assert len(side_by_side(verdicts[:8], lang).rows) == 8


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_every_class_of_every_rule_has_its_word_mark_and_tone(lang):
    for rule in RULES.values():
        for aim in ({"target": 90.0, "target_time": 2030.5}, {}):
            times = [2010.5, 2012.5, 2014.5, 2016.5]
            span = span_of(rule, Course(times, [50.0, 51.0, 52.0, 53.0], 1, **aim))
            if isinstance(span, str):
                assert locale.text(lang, f"rules.refusal.{span}")
                continue
            for code in (*classes_of(rule, span), "not_distinguishable"):
                assert locale.text(lang, f"status.short.{code}")
                assert locale.text_count(lang, f"sentences.goals.{code}", 2)
                assert code in STATUS_GLYPHS
                assert code in STATUS_TONES
        assert locale.text(lang, f"sentences.rule.{rule.name}").endswith(".")


def test_probabilities_are_never_certain_in_words():
    said = [chance(share, "da") for share in (0.0, 0.004, 0.62, 0.997, 1.0)]
    assert said == ["under 1 pct.", "under 1 pct.", "62 pct.", "over 99 pct.", "over 99 pct."]


def test_a_rule_that_cannot_choose_names_the_classes():
    one = {"rule": "linear_gap_closure", "verdict": "on_track", "told": "not_distinguishable",
           "between": ["limited_progress", "on_track"], "reason": "with_target",
           "probability": 0.62}  # fmt: skip
    assert rule_says(one, "en") == "not distinguishable between limited progress and on track"
    assert rule_sure(one, "en") == "probability 62 percent"
    sure = {**one, "told": "on_track", "between": []}
    assert rule_says(sure, "da") == "på rette kurs"


def test_every_combination_the_answers_can_give_has_words():
    """Codes and reasons as the code writes them, so that none is told by accident alone."""
    known = {parts[:3] for parts in combinations()}
    source = "".join(
        path.read_text("utf-8")
        for path in (shared_store.REPOSITORY / "src/barometer_lib/assessment/answers").glob("*.py")
    )
    for code, reason in itertools.chain(
        re.findall(r'Reply\(\s*"\w+",\s*"(\w+)",\s*"(\w+)"', source),
    ):
        assert any(parts[1:] == (code, reason) for parts in known), (code, reason)
