"""What goes out with the Word files: PDF/A that all can read, an e-mail, a zip for the case."""

from __future__ import annotations

import csv
import email
import email.policy
import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from barometer_lib import briefing
from barometer_lib.briefing import parcels
from barometer_lib.cli import main
from barometer_lib.errors import BadInput, BarometerError

ROUND = "demo-2014-07"
office = pytest.mark.skipif(parcels.office() is None, reason="LibreOffice is not installed")
DRAWER = shutil.which("pdftoppm")


@pytest.fixture(scope="module")
def parcel(built, tmp_path_factory):
    """The letters of two committees with e-mail and zip, without PDF."""
    folder = tmp_path_factory.mktemp("parcel")
    briefing.letter(ROUND, folder, dataset="demo", store=built, mail=True, zip=True)
    return folder


def test_an_e_mail_is_ready_to_be_sent_and_is_not_sent(parcel):
    page = (parcel / f"{ROUND}-demo-EDU-brev.eml").read_bytes()
    found = email.message_from_bytes(page, policy=email.policy.default)
    assert found["To"] == "unge@demoby.invalid"
    assert found["Subject"] == "Måling juli 2014 (syntetisk): Demobys Børneudvalg (demo-2014-0303)"
    assert found["X-Unsent"] == "1"
    assert found["From"] is None
    body = found.get_body().get_content()
    assert "Demobys Børneudvalg" in body
    assert "https://demoby.invalid/barometer/demo-2014-07" in body
    assert body.startswith("Syntetiske tal")
    files = {one.get_filename(): one.get_content() for one in found.iter_attachments()}
    assert set(files) == {f"{ROUND}-demo-EDU-{kind}.docx" for kind in ("brev", "bilag-1")}
    for name, content in files.items():
        assert content == (parcel / name).read_bytes()


def test_the_zip_for_the_case_system_has_case_and_document_numbers(parcel):
    with zipfile.ZipFile(parcel / f"{ROUND}-da.zip") as found:
        index = io.StringIO(found.read("index.csv").decode("utf-8-sig"))
        rows = list(csv.DictReader(index))
        assert len(rows) == 8
        assert set(found.namelist()) == {"index.csv", *(row["file"] for row in rows)}
        for row in rows:
            assert row["file"].startswith(f"{row['case_number']}/{row['document_number']}-")
            assert hashlib.sha256(found.read(row["file"])).hexdigest() == row["sha256"]
    cases = {row["committee"]: row["case_number"] for row in rows}
    assert cases["demo-EMP"] == "demo-2014-0302"


def test_parcels_are_the_same_bytes_twice(built, parcel, tmp_path):
    briefing.letter(ROUND, tmp_path, dataset="demo", store=built, mail=True, zip=True)
    for path in parcel.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_what_was_edited_is_what_is_packed(built, parcel, tmp_path):
    from docx import Document

    folder = tmp_path / "edited"
    shutil.copytree(parcel, folder)
    file = folder / f"{ROUND}-demo-EDU-brev.docx"
    document = Document(str(file))
    document.add_paragraph("Et afsnit til.")
    document.save(str(file))
    edited = file.read_bytes()
    briefing.letter(ROUND, folder, dataset="demo", store=built, check=True, zip=True)
    assert file.read_bytes() == edited
    with zipfile.ZipFile(folder / f"{ROUND}-da.zip") as found:
        assert found.read(f"demo-2014-0303/demo-2014-9303-{file.name}") == edited


def test_a_draft_gets_no_mail_and_no_case(built, tmp_path):
    for more in ({"mail": True}, {"zip": True}):
        with pytest.raises(BadInput, match="A draft gets neither"):
            briefing.letter(ROUND, tmp_path, dataset="demo", store=built, draft=True, **more)
    assert list(tmp_path.iterdir()) == []


def test_without_libreoffice_it_is_said_and_nothing_is_written(built, tmp_path, monkeypatch):
    monkeypatch.setenv(parcels.OFFICE, "no-such-program")
    done = CliRunner().invoke(
        main, ["letter", "--round", ROUND, "--dataset", "demo", "--committee", "demo-EDU", "--out",
               str(tmp_path), "--pdf", "--lang", "en", "--store", str(built)]
    )  # fmt: skip
    assert done.exit_code == 1
    assert "LibreOffice is not installed" in done.stderr
    assert list(tmp_path.iterdir()) == []


# --- rendered ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(built, tmp_path_factory):
    """A letter that goes out and a draft, with their annexes, as PDF: one run of LibreOffice."""
    folder = tmp_path_factory.mktemp("drawn")
    [final] = briefing.letter(ROUND, committee="demo-EMP", dataset="demo", store=built)
    [draft] = briefing.letter("2013-01", committee="BIU", draft=True, lang="en", store=built)
    for name, page in parcels.pdfs(final.files | draft.files).items():
        (folder / name).write_bytes(page)
    return folder


def pages(path):
    """The text of each page."""
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, encoding="utf-8"
    )
    return done.stdout.rstrip("\f").split("\f")


@office
def test_pdfs_are_tagged_archive_files_in_their_language(drawn):
    found = sorted(drawn.glob("*.pdf"))
    assert len(found) == 4
    for path in found:
        page = path.read_bytes()
        assert re.search(rb"<pdfaid:part>2</pdfaid:part>", page), path.name
        assert b"/StructTreeRoot" in page
        wanted = b"/Lang(da-DK)" if path.name.startswith("demo") else b"/Lang(en-GB)"
        assert wanted in page, path.name


@office
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_every_page_of_a_draft_says_draft_and_no_page_of_a_final_letter_does(drawn):
    for path in drawn.glob("2013-01-*.pdf"):
        assert all("Draft" in page for page in pages(path)), path.name
        assert not any("Synthetic" in page for page in pages(path))
    for path in drawn.glob("demo-*.pdf"):
        assert all("Syntetiske tal" in page for page in pages(path)), path.name
        assert not any("Kladde" in page for page in pages(path))
    letter = " ".join("\n".join(pages(drawn / f"{ROUND}-demo-EMP-brev.pdf")).split())
    assert "Kontanthjælp: fremgang. 18,4 pct. (1. halvår 2014)" in letter.replace("\u00a0", " ")


@office
@pytest.mark.skipif(DRAWER is None, reason="poppler-utils is not installed")
def test_nothing_is_cut_off_at_the_edges_and_no_page_is_empty(drawn, tmp_path):
    """Pages as pictures: ink stays inside a margin of 15 mm at every side but head and foot."""
    for path in drawn.glob("*.pdf"):
        stem = tmp_path / path.stem
        command = [str(DRAWER), "-r", "36", "-gray", str(path), str(stem)]
        subprocess.run(command, check=True)
        found = sorted(tmp_path.glob(f"{path.stem}-*.pgm"))
        assert found
        for page in found:
            left, right, lines = ink(page)
            assert left >= 15, page.name
            assert right <= 195, page.name
            assert lines > 20, page.name


def ink(path: Path) -> tuple[float, float, int]:
    """The outermost millimetres that carry ink, and how many rows of pixels do."""
    head, size, depth, dots = path.read_bytes().split(b"\n", 3)
    assert (head, depth) == (b"P5", b"255")
    wide, tall = map(int, size.split())
    rows = [dots[wide * row : wide * (row + 1)] for row in range(tall)]
    inked = [[place for place, dot in enumerate(row) if dot < 160] for row in rows]
    places = [place for row in inked for place in row]
    millimetre = wide / 210
    lines = sum(1 for row in inked if row)
    return min(places) / millimetre, max(places) / millimetre, lines


@office
def test_what_libreoffice_makes_nothing_of_is_told(monkeypatch):
    monkeypatch.setenv(parcels.OFFICE, "true")
    with pytest.raises(BarometerError, match=r"made no PDF of a\.docx"):
        parcels.pdfs({"a.docx": b""})
