"""Letters and annexes as Word files: what they say, when they are refused, whether all can read."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn

from barometer_lib import briefing, store
from barometer_lib.briefing import annex_page, letter_page, word
from barometer_lib.briefing.default_templates import DEFAULTS
from barometer_lib.briefing.material import gather
from barometer_lib.build import build
from barometer_lib.cli import main
from barometer_lib.errors import BadInput, FaultsFound, NotFound, say_fault

ROOT = Path(__file__).resolve().parents[1]
ROUND = "demo-2014-07"
FILES = {
    "da": ("demo-2014-07-{}-brev.docx", "demo-2014-07-{}-bilag-1.docx"),
    "en": ("demo-2014-07-{}-letter.docx", "demo-2014-07-{}-annex-1.docx"),
}


@pytest.fixture(scope="module")
def made(built, tmp_path_factory):
    """The demo city's letters in both languages, in one folder."""
    folder = tmp_path_factory.mktemp("letters")
    for lang in ("da", "en"):
        briefing.letter(ROUND, folder, lang=lang, dataset="demo", store=built)
    return folder


def opened(page):
    return Document(io.BytesIO(page) if isinstance(page, bytes) else str(page))


def said(document):
    """Paragraphs and cells of a Word file, one a line."""
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def files_of(round_, committee, built, **more):
    [one] = briefing.letter(round_, committee=committee, store=built, **more)
    letter, annex = sorted(one.files, key=lambda name: "bilag" in name)
    return opened(one.files[letter]), opened(one.files[annex])


# --- what a letter says -----------------------------------------------------------------------


def test_every_committee_has_a_letter_and_an_annex_in_its_language(made):
    committees = [row["id"] for row in yaml.safe_load(
        (ROOT / "data/catalogue/demo/committees.yml").read_text("utf-8"))]  # fmt: skip
    names = {name.format(one) for one in committees for lang in FILES for name in FILES[lang]}
    assert {path.name for path in made.iterdir()} == names


def test_a_letter_names_addressee_case_document_and_date(made):
    text = said(opened(made / FILES["da"][0].format("demo-EDU")))
    assert "Til borgmester Model Mønster (synthetic)" in text
    assert "Sagsnr.: demo-2014-0303" in text
    assert "Dokumentnr.: demo-2014-9303" in text
    assert "Dato: 11. august 2014" in text


@pytest.mark.parametrize(
    ("round_", "holder"),
    [("demo-2013-07", "Skema Skabelon"), ("demo-2014-01", "Model Mønster")],
)
def test_the_addressee_is_whoever_holds_the_office_on_the_day(built, round_, holder):
    """The children's committee changed hands on 1 January 2014 (office_holders.yml)."""
    letter, _ = files_of(round_, "demo-EDU", built, dataset="demo", draft=True)
    assert holder in said(letter)


def test_every_reported_progress_stands_by_name_in_a_request(built):
    for one in briefing.letter(ROUND, dataset="demo", store=built):
        letter = next(page for name, page in one.files.items() if "brev" in name)
        lines = [line.text for line in opened(letter).paragraphs]
        requests = [line for line in lines if "tilstrækkelig, også i arbejdet" in line]
        progress = [item for item in one.letter.items if item.section == "progress"]
        assert progress
        for item in progress:
            labels = one.letter.material.labels
            name = labels["indicator_short", item.code]
            goal = labels["goal", item.goal]
            assert any(name in line and f"”{goal}”" in line for line in requests)


def test_a_committee_asks_itself_in_other_words(made):
    own = said(opened(made / FILES["da"][0].format("demo-EMP")))
    other = said(opened(made / FILES["da"][0].format("demo-FIN")))
    assert "bedes selv overveje" in own
    assert "beder Demobys Økonomiudvalg overveje" in other
    assert "bedes selv" not in other


def test_the_release_of_january_2013_is_told_as_published(built):
    """Values and changes of the release (facts: docplayer 63407069), in the letter to BIU, whose
    goals no source gives to a committee."""
    letter, annex = files_of("2013-01", "BIU", built, draft=True)
    text, table = said(letter), said(annex)
    for value, change in (
        ("93,1", "+0,3"), ("77,2", "−2,4"), ("49", "−1"), ("84", "−2"), ("10,8", "−0,3"),
    ):  # fmt: skip
        assert value in table
        assert change in table
        assert value in text
    assert "foreløbig udvikling den rigtige vej" in text
    assert "på rette kurs" not in text.lower()
    assert "Ingen kilde henlægger disse mål til et udvalg" in text


def test_a_committee_without_news_is_told_so(built):
    letter, annex = files_of("2013-01", "SUD", built, draft=True)
    assert "Ingen af de mål, runden vurderer, er henlagt til udvalget" in said(letter)
    assert "De står i brevet til Beskæftigelses- og Integrationsudvalget" in said(letter)
    assert "Metode" in said(annex)


def test_what_was_told_in_words_only_is_told_in_words(built):
    """The letter of 2008: progress in three effort areas, no figures."""
    letter, _ = files_of("2008-11", "BIU", built, draft=True)
    assert "om indsatsområdet Beskæftigelse: fremgang. Tal er ikke offentliggjort." in said(letter)


def test_free_text_is_signed_and_apart(made):
    letter = opened(made / FILES["da"][0].format("demo-EMP"))
    free = [one.text for one in letter.paragraphs if one.style.name == "Barometer Free Text"]
    assert free[0].startswith("Syntetisk tekst. Flere kommer i arbejde")
    assert free[1].startswith("Eksempla Tænkt (syntetisk), borgmester, 8. august 2014.")
    assert "Udfordringer" not in said(opened(made / FILES["da"][0].format("demo-EDU")))


def test_english_is_marked_as_a_translation(made):
    assert "The Danish letter is binding" in said(opened(made / FILES["en"][0].format("demo-EMP")))
    assert "bindende" not in said(opened(made / FILES["da"][0].format("demo-EMP")))


def test_an_annex_has_changes_hidden_cells_comments_and_method(made):
    table = said(opened(made / FILES["da"][1].format("demo-CUL")))
    assert "hvorfor" in table
    assert "ny periode" in table
    assert "Hverken nul" not in table
    assert "25. juli 2014, Demoby statistics office (synthetic): Syntetisk kommentar" in table
    assert "Newcombes" in table
    hidden = {
        committee: "Sigtede unge" in said(opened(made / FILES["da"][1].format(committee)))
        for committee in ("demo-CUL", "demo-EDU")
    }
    shown = [
        lines
        for code, lines in _tables(opened(made / FILES["da"][1].format("demo-CUL")))
        if code == "hidden"
    ]
    assert hidden["demo-CUL"]
    assert len(shown[0]) == 1 + 4  # head row; four cells of demo-young-charged are suppressed


def _tables(document):
    for table in document.tables:
        mark = table._tbl.tblPr.find(qn("w:tblDescription"))
        yield mark.get(qn("w:val")), [[cell.text for cell in line.cells] for line in table.rows]


def test_the_same_letter_is_the_same_bytes(built, made):
    [one] = briefing.letter(ROUND, committee="demo-EDU", dataset="demo", store=built)
    for name, page in one.files.items():
        assert (made / name).read_bytes() == page


# --- refused ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """The demo city with a letter that lacks much, dated after a figure was corrected."""
    folder = tmp_path_factory.mktemp("faulty")
    shutil.copytree(ROOT / "data", folder / "data")
    page = folder / "data" / "letters" / f"{ROUND}.yml"
    content = yaml.safe_load(page.read_text("utf-8"))
    del content["address"]
    content["written"] = content["written"].replace(month=12)
    for one in content["letters"]:
        if one["committee"] == "demo-EMP":
            del one["case_number"], one["approved"], one["challenges"]
        elif one["committee"] == "demo-CUL":
            one["approved"]["date"] = content["written"].replace(day=31)
    page.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    comments = folder / "data" / "catalogue" / "demo" / "comments.yml"
    lines = comments.read_text("utf-8").splitlines(keepends=True)
    comments.write_text("".join(one for one in lines if "employment-2014-07" not in one), "utf-8")
    for lang in ("da", "en"):
        labels = comments.with_name(f"labels.{lang}.yml")
        kept = labels.read_text("utf-8").splitlines(keepends=True)
        labels.write_text("".join(o for o in kept if "employment-2014-07" not in o), "utf-8")
    with (folder / "data" / "corrections.demo.yml").open("a", encoding="utf-8") as stream:
        stream.write(
            "- {id: demo-late, indicator: demo-mentors, area: demo-city, group: "
            "'demo-origin:total', period: 2014-S1, expect: {value: 311}, corrected: {value: 301}, "
            "reason: {da: Test., en: Test.}, by: X, case: Y, date: 2014-10-01}\n"
        )
    place = folder / "store" / "barometer.json"
    place.parent.mkdir()
    build(folder / "data", place)
    return place


def test_a_letter_is_refused_with_every_reason_at_once(faulty, tmp_path):
    with pytest.raises(FaultsFound) as caught:
        briefing.letter(ROUND, tmp_path / "out", dataset="demo", store=faulty)
    found = {(fault.code, fault.column, fault.found) for fault in caught.value.faults}
    assert found == {
        ("letter_round_unfilled", "address", ROUND),
        ("letter_unfilled", "case_number", "demo-EMP"),
        ("letter_unfilled", "challenges", "demo-EMP"),
        ("letter_unapproved", "approved", "demo-EMP"),
        ("letter_approved_late", "approved", "demo-CUL"),
        ("letter_comment", "demo-employment", "demo-EMP"),
        ("letter_comment", "demo-employment", "demo-EDU"),
        ("letter_comment", "demo-employment", "demo-FIN"),
        ("letter_stale", "demo-mentors", "311.0"),
    }
    assert not (tmp_path / "out").exists()
    for lang in ("da", "en"):
        assert all(say_fault(fault, lang) for fault in caught.value.faults)


def test_a_draft_goes_through_and_says_so_on_every_page(faulty):
    made = briefing.letter(ROUND, dataset="demo", store=faulty, draft=True)
    assert len(made) == 4
    for one in made:
        for page in one.files.values():
            for section in opened(page).sections:
                assert section.header.paragraphs[0].text == "Kladde · Syntetiske tal"
    employment = next(one for one in made if one.letter.committee == "demo-EMP")
    letter = said(opened(next(p for n, p in employment.files.items() if "brev" in n)))
    assert "Sagsnr.: [ikke udfyldt: sagsnummer]" in letter
    assert "[ikke udfyldt: afsnit om udfordringer]" in letter


def test_a_letter_that_goes_out_is_marked_synthetic_alone(made):
    header = opened(made / FILES["en"][0].format("demo-EMP")).sections[0].header
    assert header.paragraphs[0].text == "Synthetic figures"


def test_a_letter_dated_after_a_newer_round_is_refused(built):
    """Nothing is declared of the round of January 2014; a newer one was held in July."""
    with pytest.raises(FaultsFound) as caught:
        briefing.letter("demo-2014-01", committee="demo-EMP", dataset="demo", store=built)
    codes = {fault.code for fault in caught.value.faults}
    assert codes == {"letter_round_unfilled", "letter_unfilled", "letter_unapproved",
                     "letter_comment"}  # fmt: skip
    late = [row for row in caught.value.faults if row.code == "letter_round_unfilled"]
    assert {row.column for row in late} == {"written", "reply_by", "sender", "signed_by",
                                            "address"}  # fmt: skip
    with store.session(built, "demo") as look:
        from barometer_lib.store import letters

        day = store.parse_day("2014-08-01")
        assert letters.rounds_after(look, "demo-2014-01", "demo-2011-2014", day) == [ROUND]


def changed(folder, name, before, after):
    """The file with a text replaced, runs and all."""
    path = folder / name
    document = Document(str(path))
    cells = [c for t in document.tables for line in t.rows for c in line.cells]
    lines = [*(one for cell in cells for one in cell.paragraphs), *document.paragraphs]
    hit = [one for one in lines if before in one.text]
    assert hit
    hit[0].text = hit[0].text.replace(before, after)
    document.save(str(path))


@pytest.mark.parametrize(
    ("name", "before", "after", "where"),
    [
        ("brev", "60,9", "61,9", "Beskæftigelse"),
        ("brev", "+0,83", "+0,88", "Beskæftigelse"),
        ("bilag-1", "60,9", "61,9", "demo-employment Værdi"),
        (
            "bilag-1",
            "16,0\u00a0procentpoint (1",
            "15,0\u00a0procentpoint (1",
            "demo-employment-gap Værdi",
        ),
        ("bilag-1", "60,29", "60,92", "demo-employment Interval (95 pct.)"),
        ("bilag-1", "Fra 53,9", "Fra 53,1777", "Fra 53,1777"),
        ("bilag-1", "Mål: 62", "Mål: 63", "demo-employment Måltal"),
        ("brev", "går 1 den rigtige", "går 9 den rigtige", "Børn og unge får en god start"),
    ],
)
def test_a_number_changed_by_hand_is_found(built, made, tmp_path, name, before, after, where):
    folder = tmp_path / "edited"
    shutil.copytree(made, folder)
    file = f"{ROUND}-demo-EMP-{name}.docx"
    changed(folder, file, before, after)
    with pytest.raises(FaultsFound) as caught:
        briefing.letter(
            ROUND, folder, committee="demo-EMP", check=True, dataset="demo", store=built
        )
    assert {(fault.code, fault.file) for fault in caught.value.faults} == {("letter_differs", file)}
    assert any(str(fault.column).startswith(where) for fault in caught.value.faults)


def test_a_sentence_taken_out_by_hand_is_found(built, made, tmp_path):
    folder = tmp_path / "edited"
    shutil.copytree(made, folder)
    file = FILES["da"][0].format("demo-EMP")
    document = Document(str(folder / file))
    line = next(one for one in document.paragraphs if one.text.startswith("Kontanthjælp:"))
    line._p.getparent().remove(line._p)
    document.save(str(folder / file))
    with pytest.raises(FaultsFound) as caught:
        briefing.letter(ROUND, folder, check=True, dataset="demo", store=built)
    assert [(one.code, one.found) for one in caught.value.faults] == [
        ("letter_left_out", "Kontanthjælp")
    ]


def test_words_changed_by_hand_and_free_text_are_the_secretariats(built, made, tmp_path):
    folder = tmp_path / "edited"
    shutil.copytree(made, folder)
    file = FILES["da"][0].format("demo-EMP")
    changed(folder, file, "mange af de nye job er korte", "12 af de 16 nye job er korte")
    changed(folder, file, "Udvalgets svar", "Det svar, udvalget giver")
    made_ = briefing.letter(ROUND, folder, check=True, dataset="demo", store=built)
    assert len(made_) == 4


def test_files_that_are_not_there_or_no_word_files_are_told(built, made, tmp_path):
    with pytest.raises(BadInput, match="There is no file at"):
        briefing.letter(ROUND, tmp_path, check=True, dataset="demo", store=built)
    with pytest.raises(BadInput, match="Name the folder"):
        briefing.letter(ROUND, check=True, dataset="demo", store=built)
    folder = tmp_path / "broken"
    shutil.copytree(made, folder)
    (folder / FILES["da"][0].format("demo-EMP")).write_bytes(b"no Word")
    done = command("--check", "--out", str(folder), store=built)
    assert done.exit_code == 1
    assert "kan læses" in done.output
    assert "Traceback" not in done.output


def test_unknown_codes_have_the_nearest(built):
    with pytest.raises(NotFound, match="demo-EMP"):
        briefing.letter(ROUND, committee="demo-EMPL", dataset="demo", store=built)
    with pytest.raises(NotFound, match=ROUND):
        briefing.letter("demo-2014-70", dataset="demo", store=built)
    done = command("--out", "x", store=built, round_="demo-2009-01")
    assert "aldrig holdt" in done.output


# --- the template -----------------------------------------------------------------------------


def test_every_field_of_the_templates_is_known(built):
    with store.session(built, "demo") as look:
        material = gather(look, ROUND, None, "da")
        letter = letter_page.letter_of(look, material, "demo-EMP", draft=False)
    for name, page in (("letter", letter_page.page(letter)), ("annex", annex_page.page(letter))):
        asked = word.fields_of(word.template(name)) - {"picture_of"}
        assert asked <= set(page)
        assert len(asked) > 12


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_committed_template_is_the_one_the_program_writes(name):
    fresh = io.BytesIO()
    DEFAULTS[name]().save(fresh)
    with (
        zipfile.ZipFile(fresh) as new,
        zipfile.ZipFile(io.BytesIO(word.template(name))) as kept,
    ):
        for part in ("word/document.xml", "word/styles.xml", "word/header1.xml",
                     "word/footer1.xml"):  # fmt: skip
            assert new.read(part) == kept.read(part), part


def test_a_template_of_ones_own_serves_and_its_unknown_fields_are_told(built, tmp_path):
    for name in DEFAULTS:
        (tmp_path / f"{name}.docx").write_bytes(word.template(name))
    changed(tmp_path, "letter.docx", "{{ date }}", "Rådhuset {{ date }}")
    changed(tmp_path, "letter.docx", "{{ signed_by }}", "{{ signed_buy }} {{ comittee }}")
    with pytest.raises(FaultsFound) as caught:
        briefing.letter(ROUND, dataset="demo", store=built, templates=tmp_path, draft=True)
    assert [(one.code, one.found, one.nearest[0]) for one in caught.value.faults] == [
        ("letter_field", "comittee", "committee"), ("letter_field", "signed_buy", "signed_by"),
    ]  # fmt: skip
    (tmp_path / "letter.docx").write_bytes(word.template("letter"))
    changed(tmp_path, "letter.docx", "{{ section.title }}", "{{ section.titel }}")
    with pytest.raises(FaultsFound) as caught:
        briefing.letter(ROUND, dataset="demo", store=built, templates=tmp_path, draft=True)
    assert caught.value.faults[0].code == "letter_template"
    (tmp_path / "letter.docx").unlink()
    with pytest.raises(BadInput, match=r"letter\.docx"):
        briefing.letter(ROUND, dataset="demo", store=built, templates=tmp_path, draft=True)


# --- everybody can read it --------------------------------------------------------------------


@pytest.mark.parametrize("lang", FILES)
@pytest.mark.parametrize("kind", [0, 1])
def test_headings_language_title_tables_and_pictures_are_accessible(made, lang, kind):
    document = opened(made / FILES[lang][kind].format("demo-EMP"))
    levels = [
        int(one.style.name[-1])
        for one in document.paragraphs
        if one.style.name.startswith("Heading") and one.text
    ]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later - former <= 1 for former, later in pairwise(levels))
    marks = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
    assert marks == {word.LOCALES[lang]}
    assert document.core_properties.language == word.LOCALES[lang]
    assert document.core_properties.title
    for table in document.tables:
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val"))
        head = table.rows[0]._tr.trPr
        assert head.find(qn("w:tblHeader")) is not None
        assert all(cell.text for line in table.rows for cell in line.cells)
    drawn = list(document.element.body.iter(qn("wp:docPr")))
    assert (len(drawn) > 3) is (kind == 1)
    for one in drawn:
        assert one.get("descr").rstrip().endswith(".")
        assert len(one.get("descr")) > 30


# --- the command ------------------------------------------------------------------------------


def command(*more, store, round_=ROUND, lang="da"):
    asked = ["letter", "--round", round_, "--dataset", "demo", "--store", str(store), *more]
    return CliRunner().invoke(main, [*asked, "--lang", lang])


def test_the_command_writes_and_tells_codes(built, tmp_path):
    done = command("--committee", "demo-CUL", "--out", str(tmp_path), "--format", "json",
                   store=built)  # fmt: skip
    content = json.loads(done.stdout)
    [one] = content["letters"]
    assert sorted(path.name for path in tmp_path.iterdir()) == one["files"]
    leads = {row["indicator"]: row["lead"] for row in one["indicators"]}
    assert leads["demo-belonging"] == "setback"
    assert one["addressee"].startswith("Demo Demosen")
    assert one["news"] is True


def test_the_command_refuses_with_codes_and_exit_code_1(faulty, tmp_path):
    done = command("--out", str(tmp_path), "--format", "json", store=faulty)
    assert done.exit_code == 1
    assert json.loads(done.stdout)["errors"] == 9
