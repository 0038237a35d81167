"""The two words of an address that the server itself reads: language and dataset.

Everything else in an address belongs to the view, which checks it in the reader's own kernel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

LANGUAGES = ("da", "en")
DATASETS = ("published", "demo")
LONGEST_QUERY = 2000


@dataclass(frozen=True)
class Choices:
    """Language and dataset of one request, both from our own lists."""

    lang: str
    dataset: str
    query: Mapping[str, str]

    def address(self, name: str, value: str) -> str:
        """The query of the same view with one of the two words changed.

        The two datasets share no id, so a change of dataset keeps the language alone.
        """
        kept = {"lang": self.lang} if name == "dataset" else dict(self.query)
        return "?" + urlencode({**kept, name: value})

    @property
    def carried(self) -> str:
        """The query for the way to another page: language and dataset where they are not usual."""
        return "?" + urlencode({"lang": self.lang, "dataset": self.dataset})


def choices_of(query: str, lang: str) -> Choices:
    """Language and dataset of a query string; what is unknown becomes ``lang`` and ``published``.

    Of a name given twice the first counts; of a longer query the first `LONGEST_QUERY` characters.
    """
    given: dict[str, str] = {}
    for name, value in parse_qsl(query[:LONGEST_QUERY]):
        given.setdefault(name, value)
    return Choices(
        lang=_known(given.get("lang"), LANGUAGES, lang),
        dataset=_known(given.get("dataset"), DATASETS, DATASETS[0]),
        query=given,
    )


def _known(value: str | None, known: Sequence[str], otherwise: str) -> str:
    return value if value is not None and value in known else otherwise
