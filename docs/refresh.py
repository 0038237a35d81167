"""Write the parts of the manual that follow from the code: `python docs/refresh.py`.

The help of every command goes into command-line.md, tables and columns of the store into store.md;
what each means is written by hand and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from barometer_lib.cli import main

FOLDER = Path(__file__).resolve().parent
SCHEMA = FOLDER.parent / "src" / "barometer_lib" / "store"
TABLE = re.compile(r"create (?:table|view) \{schema\}\.(\w+)")
UNDESCRIBED = "(not described)"


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command by its words, groups before what is in them."""
    yield path
    for name in sorted(group.commands):
        one = group.commands[name]
        if isinstance(one, click.Group):
            yield from commands(one, (*path, name))
        else:
            yield (*path, name)


def help_of(path: tuple[str, ...]) -> str:
    """The help of a command as a terminal of 80 columns shows it."""
    asked = CliRunner().invoke(main, [*path, "--help"], prog_name="barometer", terminal_width=80)
    return asked.stdout


def help_block(path: tuple[str, ...]) -> str:
    """The block of the manual that shows a command's help."""
    name = "-".join(("barometer", *path))
    return f"```text help={name}\n{help_of(path)}```"


def with_help(page: str) -> str:
    """The page with every help block as it is now; a new command's comes at the end."""
    for path in commands():
        block = help_block(path)
        first = re.escape(block.splitlines()[0])
        found = re.search(rf"^{first}\n.*?^```$", page, re.MULTILINE | re.DOTALL)
        if found:
            page = page[: found.start()] + block + page[found.end() :]
        else:
            page = f"{page.rstrip()}\n\n## {' '.join(('barometer', *path))}\n\n{block}\n"
    return page


def columns() -> dict[str, list[str]]:
    """The columns of every table and view of a dataset, in the order the files make them."""
    import duckdb

    con = duckdb.connect(":memory:")
    pages = [(SCHEMA / name).read_text("utf-8") for name in ("schema.sql", "views.sql")]
    found: dict[str, list[str]] = {}
    for page in pages:
        con.execute(page.replace("{schema}", "documented"))
        for name in TABLE.findall(page):
            rows = con.execute(f"describe documented.{name}").fetchall()
            found[name] = [row[0] for row in rows]
    return found


def with_columns(page: str) -> str:
    """The page with every table's columns as they are now; what each means stays."""
    for name, names in columns().items():
        line = f"Columns: {', '.join(f'`{one}`' for one in names)}."
        found = re.search(
            rf"^### {name}\n\n(.*?)\n\nColumns: [^\n]*", page, re.MULTILINE | re.DOTALL
        )
        if found:
            renewed = f"### {name}\n\n{found[1]}\n\n{line}"
            page = page[: found.start()] + renewed + page[found.end() :]
        else:
            page = f"{page.rstrip()}\n\n### {name}\n\n{UNDESCRIBED}\n\n{line}\n"
    return page


if __name__ == "__main__":
    for name, renew in (("command-line.md", with_help), ("store.md", with_columns)):
        file = FOLDER / name
        file.write_text(renew(file.read_text("utf-8")), "utf-8")
