"""What a letter says of an indicator: reviewed as text over every combination of the answers."""

from __future__ import annotations

import re
from itertools import product

import pytest

from barometer_lib import locale
from barometer_lib.briefing.items import (
    Item,
    change_words,
    outlook,
    pace_words,
    status_words,
    target_words,
    told,
)
from barometer_lib.briefing.leads import facts_of, lead_of, wording
from barometer_lib.briefing.material import Material
from barometer_lib.briefing.numbers_in import numbers_in
from barometer_lib.sentences.goals import ORDER

LANGUAGES = ("da", "en")
CLASSES = ("ahead", "still", "behind", "unknown")
LEVELS = ("met", "not_met", "no_target", "cannot_tell")
DIRECTIONS = (
    "improving", "worsening", "rising", "falling", "not_distinguishable", "too_few_points",
)  # fmt: skip
PACES = (
    "on_track", "too_slow", "moving_away", "not_distinguishable", "target_met", "target_missed",
    "cannot_tell",
)  # fmt: skip
# Words a letter never uses: of the list of preferred words, and every verdict on sufficiency.
FORBIDDEN = {
    "da": re.compile(
        r"utilstrækkelig|ikke tilstrækkelig|for langsom|for lidt|prognose|tendens|\btrend|uændret"
        r"|skyldes|\bdump|\bnydansk|\bgab på|revision|ghetto|%|\bnoterer (?!sig)|\bbedste bydel",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"insufficient|not sufficient|too slow|too little|forecast|tendency|\btrend|unchanged"
        r"|because of|\bgap of",
        re.IGNORECASE,
    ),
}


def facts(**more):
    found = {
        "new": True, "value": True, "hidden": False, "class": "ahead", "direction": "improving",
        "pace": "cannot_tell", "level": "no_target", "points": "enough",
    }  # fmt: skip
    return found | more


def every_combination():
    names = ("class", "level", "direction", "pace", "points", "new", "value", "hidden")
    kinds = (CLASSES, LEVELS, DIRECTIONS, PACES, ("few", "enough"), *[(True, False)] * 3)
    for chosen in product(*kinds):
        yield facts(**dict(zip(names, chosen, strict=True)))


def test_every_combination_has_a_lead_with_words_and_a_heading_in_both_languages():
    seen = set()
    for one in every_combination():
        lead = lead_of(one)
        if lead not in seen:
            seen.add(lead)
            section = wording().section_of(lead)
            for lang in LANGUAGES:
                assert locale.text(lang, f"letters.lead.{lead}")
                assert locale.text(lang, f"letters.section.{section}")
    assert seen == {lead for leads in wording().sections.values() for lead in leads}


def test_on_course_stands_only_with_a_pace_that_is_enough_and_five_points():
    """ "På rette kurs mod målet" needs a stored target and pace; else it is progress."""
    for one in every_combination():
        if lead_of(one) == "on_course":
            assert (one["pace"], one["points"]) == ("on_track", "enough")
    assert lead_of(facts(pace="on_track")) == "on_course"
    assert lead_of(facts(pace="too_slow")) == "progress"


def test_under_five_points_a_development_is_provisional():
    spoken = {"provisional_progress", "provisional_setback"}
    unspoken = {"hidden", "no_figure", "no_new", "within", "moved", "cannot"}
    for one in every_combination():
        if one["points"] == "few":
            assert lead_of(one) in spoken | unspoken
    assert lead_of(facts(points="few")) == "provisional_progress"


def test_progress_is_never_told_of_a_setback_nor_of_what_is_not_new():
    for one in every_combination():
        section = wording().section_of(lead_of(one))
        if one["class"] == "behind" or not (one["new"] and one["value"]) or one["hidden"]:
            assert section not in wording().asked
        if section == "progress":
            assert one["class"] == "ahead" or one["direction"] == "improving"


def test_what_is_hidden_is_called_hidden_before_anything_else():
    for one in every_combination():
        assert (lead_of(one) == "hidden") is one["hidden"]


def test_every_status_of_every_rule_has_a_class():
    """But those that say that nothing can be told."""
    classed = {code for codes in wording().classes.values() for code in codes}
    untold = {"no_new_figures", "white", "cannot_tell", "not_met", "not_distinguishable"}
    assert set(ORDER) - classed == untold
    assert classed <= set(ORDER)


# --- the sentences ----------------------------------------------------------------------------


def reasons(question):
    """Every code and reason that has a sentence: (code, reason)."""
    tree = locale.words("en")["answers"][question]
    return [
        (code, reason.removesuffix("_two").removesuffix("_same"))
        for code, below in tree.items()
        for reason in below
    ]


def reply(question, code, reason, **more):
    known = {
        "new": True, "value": 60.9, "period": "2014-S1", "first_period": "2006-S2", "unit":
        "percent", "target": 62.0, "target_kind": "level", "target_direction": "up",
        "target_period": "2014-S2", "base_period": "2010-S2", "reference_period": "2013-S2",
    }  # fmt: skip
    row = {
        "question": question, "code": code, "reason": reason, "evidence": "long", "points": 16,
        "amount": 0.8, "low": 0.7, "high": 0.9, "unit": "percentage_points", "decimals": 1,
        "probability": 0.5, "facts": known,
    }  # fmt: skip
    return row | more


def status_row(**more):
    row = {
        "indicator": "x", "value": 60.9, "unit": "percent", "decimals": 1, "change": 0.2,
        "change_unit": "percentage_points", "change_kind": "computed", "significant": False,
        "counts": True, "status": "standstill", "reason": "change_not_significant",
        "period": "2014-S1", "reference_period": "2013-S2", "polarity": "higher",
        "target": {"form": "level", "value": 62.0, "unit": "percent", "applies_to": "city",
                   "period": "2014-S2", "met": False, "distance": -1.1, "target": "t",
                   "direction": None},
        "facts": {}, "source": None, "things": None,
    }  # fmt: skip
    return row | more


def material(lang):
    names = {("indicator", "x"): "Beskæftigelse", ("goal", "g"): "Flere i arbejde"}
    blank = dict.fromkeys(Material.__dataclass_fields__)
    return Material(
        **blank | {"lang": lang, "dataset": "demo", "labels": names, "targets": {"p": []},
                   "entry": {}, "declared": {}, "limits": {}, "figures": {}, "comments": {}}
    )  # fmt: skip


def item(row, level, direction, pace):
    answers = {"level": level, "direction": direction, "pace": pace}
    lead = lead_of(facts_of(row, answers))
    return Item("p", "g", row, answers, lead, wording().section_of(lead))


GOOD = reply("direction", "improving", "slope_significant")
NO_AIM = reply("pace", "cannot_tell", "no_target_seen", amount=None)
NO_TARGET = reply("level", "no_target", "no_target_seen", amount=None)


def every_item():
    """Every sentence of every answer, with every status and few points as well as enough."""
    for code, reason in reasons("direction"):
        for points, status in product((2, 16), ("progress", "standstill", "setback", None)):
            few = "long" if points == 16 else "change"
            direction = reply("direction", code, reason, points=points, evidence=few)
            yield item(status_row(status=status), NO_TARGET, direction, NO_AIM)
    for code, reason in reasons("pace"):
        for amount, evidence in product((60.8, None), ("long", "indicative")):
            pace = reply("pace", code, reason, amount=amount, evidence=evidence)
            yield item(status_row(), NO_TARGET, GOOD, pace)
    for code, reason in reasons("level"):
        yield item(status_row(), reply("level", code, reason), GOOD, NO_AIM)
    for status in (*ORDER, None):
        yield item(status_row(status=status), NO_TARGET, GOOD, NO_AIM)
    for reason in locale.words("en")["status"]["indicator_reason"]:
        for value in (60.9, None):
            change = None if value is None else -2.0
            row = status_row(reason=reason, value=value, change=change, status=None)
            yield item(row, NO_TARGET, GOOD, NO_AIM)


def everything_said(one, lang):
    look = material(lang)
    yield told(look, one)
    yield outlook(one, lang)
    yield pace_words(one, lang)
    yield change_words(one, lang)
    yield target_words(look, one)
    yield status_words(one.row["status"], lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_of_a_letter_has_a_forbidden_word_or_an_open_field(lang):
    found = {said for one in every_item() for said in everything_said(one, lang) if said}
    assert len(found) > 150
    wrong = {said for said in found if FORBIDDEN[lang].search(_spoken(said, lang))}
    wrong |= {said for said in found if set("{}[]") & set(said) or "None" in said or ".." in said}
    assert wrong == set()


def _spoken(said, lang):
    """English writes percent with its sign; in Danish the sign is forbidden."""
    return said.replace("%", "") if lang == "en" else said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_letters_has_a_forbidden_word(lang):
    leaves = dict(locale.texts._leaves(locale.words(lang)["letters"]))
    about = {"method.outlook", "annex.intro"}  # they say what a letter does not say
    wrong = [
        key
        for key, said in leaves.items()
        if key not in about and FORBIDDEN[lang].search(_spoken(said, lang))
    ]
    assert wrong == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_request_asks_whether_it_is_sufficient_also_in_the_budget(lang):
    asked = locale.words(lang)["letters"]["request"]
    words = {"da": ("noterer sig", "overveje", "tilstrækkelig", "budgettet"),
             "en": ("notes", "consider", "sufficient", "budget")}[lang]  # fmt: skip
    assert set(asked) == {name + own for name in wording().asked for own in ("", "_own")}
    for said in asked.values():
        assert all(word in said for word in words)


def test_a_pace_that_is_low_is_told_as_a_projection_only():
    low = item(status_row(), NO_TARGET, GOOD, reply("pace", "too_slow", "chance_low", amount=60.8,
               unit="percent", low=59.6, high=62.1))  # fmt: skip
    assert outlook(low, "da") == (
        "Hvis den hidtidige udvikling fortsætter, bliver tallet 60,8\u00a0pct. i 2. halvår 2014"
        " (interval 59,6-62,1\u00a0pct.); målet er 62\u00a0pct."
    )
    assert pace_words(low, "da").endswith("målet er 62\u00a0pct.")
    assert lead_of(facts_of(low.row, low.answers)) == "progress_long"


# --- numbers read back ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "lang", "found"),
    [
        ("1.175 job (1. halvår 2014), +16 job", "da", [1175, 1, 2014, 16]),
        ("60,85 pct. i 2. halvår", "da", [60.85, 2]),
        ("interval 12,77-17,38 procentpoint", "da", [12.77, 17.38]),
        ("punkt 22.09.2022.", "da", [22, 9, 2022]),
        ("1,175 jobs, 60.9% in 2014.", "en", [1175, 60.9, 2014]),
        ("1.234.567,5 kr.", "da", [1234567.5]),
        ("ingen tal", "da", []),
    ],
)
def test_numbers_are_read_as_a_reader_of_the_language_reads_them(words, lang, found):
    assert numbers_in(words, lang) == found
