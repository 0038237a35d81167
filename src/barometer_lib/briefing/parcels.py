"""What goes out with the Word files: PDF/A, an e-mail for people to send, a zip for the case.

Nothing is sent and nothing is asked of another machine.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from barometer_lib.briefing.letter_page import Letter
from barometer_lib.briefing.material import day_of
from barometer_lib.briefing.word import STAMP, midday
from barometer_lib.errors import BarometerError
from barometer_lib.locale import text

Row = dict[str, Any]
OFFICE = "BAROMETER_OFFICE"
PROGRAMS = ("soffice", "libreoffice")
SECONDS = 180
ARCHIVE = {
    "SelectPdfVersion": {"type": "long", "value": "2"},  # PDF/A-2b
    "UseTaggedPDF": {"type": "boolean", "value": "true"},
    "ExportBookmarks": {"type": "boolean", "value": "true"},
}
MEDIA = {
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".pdf": ("application", "pdf"),
}
LISTED = ("case_number", "document_number", "committee", "title", "file", "sha256")


def office() -> str | None:
    """The program LibreOffice, where it is installed or `BAROMETER_OFFICE` names it."""
    named = os.environ.get(OFFICE)
    found = [shutil.which(one) for one in ((named,) if named else PROGRAMS)]
    return next((one for one in found if one), None)


def pdfs(pages: Mapping[str, bytes]) -> dict[str, bytes]:
    """The Word files as tagged PDF/A-2b, all in one run of LibreOffice.

    Raises `BarometerError` where it is not installed or makes nothing of a file.
    """
    program = office()
    if program is None:
        raise BarometerError("no_office", variable=OFFICE)
    with tempfile.TemporaryDirectory(prefix="barometer-pdf-") as place:
        folder = Path(place)
        for name, page in pages.items():
            (folder / name).write_bytes(page)
        profile = (folder / "profile").as_uri()  # of its own: another one may be open
        command = [
            program, f"-env:UserInstallation={profile}", "--headless", "--convert-to",
            f"pdf:writer_pdf_Export:{json.dumps(ARCHIVE)}", "--outdir", place,
            *(str(folder / name) for name in pages),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
            said = done.stderr.decode("utf-8", "replace").strip()[-200:]
        except subprocess.TimeoutExpired:
            said = f"{SECONDS} s"
        made = {}
        for name in pages:
            path = folder / f"{Path(name).stem}.pdf"
            if not path.is_file():
                raise BarometerError("office_failed", file=name, problem=said or "-")
            made[path.name] = path.read_bytes()
    return made


def mail(letter: Letter, title: str, files: Mapping[str, bytes]) -> bytes:
    """The letter as an e-mail that a mail program opens ready to be sent (`X-Unsent`).

    Without a mailbox in the data it has no recipient. PDF is attached where there is any.
    """
    material, lang = letter.material, letter.material.lang
    found = EmailMessage()
    found["Subject"] = f"{title} ({letter.declared['case_number']})"
    if letter.declared["mailbox"]:
        found["To"] = letter.declared["mailbox"]
    found["Date"] = format_datetime(midday(day_of(material)))
    found["X-Unsent"] = "1"
    found["Content-Language"] = lang
    body = text(
        lang, "letters.mail.body",
        committee=material.name("committee", letter.committee),
        round=material.name("round", material.round),
        address=material.declared["address"],
        signed_by=material.declared["signed_by"],
    )  # fmt: skip
    if material.synthetic:
        body = f"{text(lang, 'letters.synthetic')}\n\n{body}"
    found.set_content(body)
    final = {name: page for name, page in files.items() if name.endswith(".pdf")} or files
    for name, page in final.items():
        kind, below = MEDIA[Path(name).suffix]
        found.add_attachment(page, maintype=kind, subtype=below, filename=name)
    found.set_boundary(f"barometer-{material.round}-{letter.declared['document_number']}")
    return found.as_bytes()


def case_file(letters: Sequence[tuple[Letter, str, Mapping[str, bytes]]]) -> bytes:
    """A zip for the case system: a folder per case number, the files named by document number, and
    `index.csv` with case, document, committee, title and checksum of every file."""
    rows: list[Row] = []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for letter, title, files in letters:
            own = letter.declared
            for name, page in sorted(files.items()):
                if Path(name).suffix not in MEDIA:
                    continue
                place = f"{own['case_number']}/{own['document_number']}-{name}"
                _put(made, place, page)
                rows.append(
                    {
                        "case_number": own["case_number"],
                        "document_number": own["document_number"],
                        "committee": letter.committee,
                        "title": title,
                        "file": place,
                        "sha256": hashlib.sha256(page).hexdigest(),
                    }
                )
        index = io.StringIO(newline="")
        writer = csv.DictWriter(index, LISTED, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        _put(made, "index.csv", index.getvalue().encode("utf-8-sig"))
    return out.getvalue()


def _put(made: zipfile.ZipFile, place: str, page: bytes) -> None:
    info = zipfile.ZipInfo(place, STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    made.writestr(info, page)
