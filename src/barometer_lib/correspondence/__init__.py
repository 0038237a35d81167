"""Letters to committees: what the secretariat says of each letter of a round, and what came back.

Each round with letters is a page `data/letters/<round>.yml`. What a letter says of figures is not
written there: it follows from the store.
"""

from __future__ import annotations

from barometer_lib.correspondence.entry import FORMS, Letter, Letters, Reply, Signed, Words
from barometer_lib.correspondence.reading import Correspondence, read

__all__ = ["FORMS", "Correspondence", "Letter", "Letters", "Reply", "Signed", "Words", "read"]
