"""The status report of all committees and the council paper, as Word files."""

from __future__ import annotations

import io
import json
from itertools import pairwise

import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn

from barometer_lib import api, briefing
from barometer_lib.briefing import papers, word
from barometer_lib.cli import main
from barometer_lib.errors import FaultsFound, say_fault

ROUND = "demo-2014-07"


@pytest.fixture(scope="module")
def report(built):
    return briefing.report(ROUND, dataset="demo", store=built)


@pytest.fixture(scope="module")
def agenda(built):
    return briefing.agenda(ROUND, dataset="demo", store=built)


def opened(made):
    [page] = made.files.values()
    return Document(io.BytesIO(page))


def headings(document, level):
    return [one.text for one in document.paragraphs if one.style.name == f"Heading {level}"]


def said(document):
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_report_has_every_goal_once_under_its_committee(built, report):
    document = opened(report)
    goals = [
        goal
        for policy in ("demo-2011-2014", "demo-safe-city")
        for goal in api.status(policy, ROUND, dataset="demo", store=built).content["goals"]
    ]
    names = {row["goal"]: row["goal"] for row in report.content()["goals"]}
    assert set(names) == {goal["goal"] for goal in goals}
    labels = report.material.labels
    assert sorted(headings(document, 3)) == sorted(labels["goal", code] for code in names)
    leads = {goal["lead_committee"] for goal in goals}
    assert None in leads
    committees = {labels["committee", code] for code in leads if code is not None}
    assert committees <= set(headings(document, 2))
    indicators = [one for goal in goals for one in goal["indicators"]]
    assert len(headings(document, 4)) == len(indicators)


def test_the_report_counts_the_goals_as_the_page_does(report):
    """As `barometer status` lists them: g1 and g2 progress, g3 setback, three at a standstill."""
    text = said(opened(report)).replace("\u00a0", " ")
    assert "vurderer 6 mål: 2 mål i fremgang, 3 mål i stilstand og 1 mål i tilbagegang." in text
    assert "Metode" in text
    assert "Sigtede unge" in text


def test_the_report_of_a_real_round_is_refused_and_drafted(built):
    with pytest.raises(FaultsFound) as caught:
        briefing.report("2013-01", store=built)
    codes = {fault.code for fault in caught.value.faults}
    assert codes == {
        "letter_round_unfilled", "paper_unfilled", "paper_unapproved", "paper_comment",
    }  # fmt: skip
    assert all(say_fault(one, lang) for one in caught.value.faults for lang in ("da", "en"))
    document = opened(briefing.report("2013-01", store=built, draft=True, lang="en"))
    assert document.sections[0].header.paragraphs[0].text == "Draft"
    assert "Goals for which the sources name no committee that answers" in headings(document, 2)
    assert "93.1%" in said(document).replace("\u00a0", " ")


def test_a_report_whose_numbers_differ_is_not_written(built, tmp_path, monkeypatch):
    """The finished file is read again and held against the store."""
    honest = papers.report_page

    def lying(whole):
        page = honest(whole)
        rows = page["committees"][0]["goals"][0]["indicators"][0]["rows"]
        rows[2]["words"] = rows[2]["words"].replace("4", "7")
        return page

    monkeypatch.setattr(papers, "report_page", lying)
    with pytest.raises(FaultsFound) as caught:
        briefing.report(ROUND, tmp_path / "out", dataset="demo", store=built)
    assert {fault.code for fault in caught.value.faults} == {"letter_differs"}
    assert not (tmp_path / "out").exists()


def test_the_council_paper_has_its_six_parts_in_order(agenda):
    assert headings(opened(agenda), 2) == [
        "Indstilling", "Problemstilling", "Løsning", "Økonomi", "Videre proces", "Bilag",
    ]  # fmt: skip


def test_decisions_of_the_committee_and_of_the_council_stand_apart(agenda):
    document = opened(agenda)
    assert headings(document, 3) == [
        "Til beslutning i Demobys Beskæftigelsesudvalg", "Til beslutning i kommunalbestyrelsen",
    ]  # fmt: skip
    lines = [one.text for one in document.paragraphs]
    committee, council = (lines.index(one) for one in headings(document, 3))
    assert (
        committee < lines.index("2. at brevene sendes til de øvrige udvalg (syntetisk).") < council
    )
    assert council < lines.index("1. at statusrapporten drøftes (syntetisk).")


def test_the_council_paper_tells_what_the_round_shows_and_what_was_proposed(agenda):
    text = said(opened(agenda)).replace("\u00a0", " ")
    assert "Tilbagegang: Tilhørsforhold" in text
    assert "bedes udvalgene overveje, om fremgangen er tilstrækkelig" in text
    assert "Beløb: 2.500.000 kr. i budget 2015." in text
    assert "Udvalgene bedes svare senest 26. september 2014." in text
    assert "Brev og Bilag 1 til Demobys Kulturudvalg" in text


def test_what_people_have_not_written_is_told_and_never_invented(built):
    with pytest.raises(FaultsFound) as caught:
        briefing.agenda("demo-2014-01", dataset="demo", store=built)
    columns = {one.column for one in caught.value.faults if one.code == "paper_unfilled"}
    assert columns == {
        "agenda.case_number", "agenda.document_number", "agenda.committee", "agenda.economy",
        "agenda.next_steps",
    }  # fmt: skip
    text = said(opened(briefing.agenda("demo-2014-01", dataset="demo", store=built, draft=True)))
    for name in ("indstilling", "økonomi", "videre proces"):
        assert f"[ikke udfyldt: {name}]" in text


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("kind", papers.KINDS)
def test_both_can_be_read_by_all(built, kind, lang):
    document = opened(getattr(briefing, kind)(ROUND, dataset="demo", store=built, lang=lang))
    levels = [
        int(one.style.name[-1])
        for one in document.paragraphs
        if one.style.name.startswith("Heading") and one.text
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - former <= 1 for former, later in pairwise(levels))
    assert document.core_properties.language == word.LOCALES[lang]
    assert "{" not in said(document)
    for one in document.element.body.iter(qn("wp:docPr")):
        assert one.get("descr")
    for table in document.tables:
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


@pytest.mark.parametrize("kind", papers.KINDS)
def test_every_field_of_the_templates_is_known(kind, report, agenda):
    """A field that is not known stops the document, so a document made has none."""
    assert len(word.fields_of(word.template(kind))) > 10
    assert {"report": report, "agenda": agenda}[kind].files


@pytest.mark.parametrize("kind", papers.KINDS)
def test_the_command_writes_the_file_and_tells_codes(built, tmp_path, kind):
    asked = [
        kind,
        "--round",
        ROUND,
        "--dataset",
        "demo",
        "--out",
        str(tmp_path),
        "--format",
        "json",
    ]
    done = CliRunner().invoke(main, [*asked, "--store", str(built)])
    content = json.loads(done.stdout)
    assert [path.name for path in tmp_path.iterdir()] == content["files"]
    assert content["case_number"] == "demo-2014-0300"
    assert len(content["goals"]) == 7
