"""The public edition: a round's open data in a folder that any web server can show.

`publish` reads the store as it was known on the round's day and writes files; nothing in them
depends on a clock.
"""

from __future__ import annotations

from barometer_lib.edition.publishing import Published, publish

__all__ = ["Published", "publish"]
