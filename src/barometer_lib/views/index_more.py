"""What the index page shows beside the ranks: a city's profile, why its rank changed, how far it
holds, and what a better one would take. Everything here stands in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from barometer_lib.store import components, index_profiles, indices
from barometer_lib.store.sessions import Session
from barometer_lib.views.index_reading import StoredIndex
from barometer_lib.views.pages import Reading, choose

Row = Mapping[str, Any]


@dataclass(frozen=True)
class More:
    """The home city in one edition and scope, beside an earlier edition `against` (blank: none)."""

    against: str | None
    earlier: Sequence[str]
    change: Row | None
    standing: Row | None
    leader: str | None
    peers: Sequence[str]
    profile: Sequence[Row]
    ahead: Sequence[Row]
    holds: Sequence[Row]
    paths: Sequence[Row]
    has_components: bool

    @property
    def wishes(self) -> list[int]:
        """The better ranks whose way is stored, best first."""
        return sorted({int(row["wished"]) for row in self.paths})


def read_more(session: Session, reader: Reading, stored: StoredIndex) -> More:
    """Reads it for the stored edition and scope; an unknown earlier edition is put right."""
    index, edition, scope, home = stored.code, stored.edition, stored.scope, stored.home
    changes = [
        row for row in indices.rank_changes(session, index, edition) if row["scope"] == scope
    ]
    earlier = list(dict.fromkeys(str(row["against"]) for row in changes))
    against = None
    if earlier:
        against, asked = choose(reader.state, "against", earlier, earlier[0], near=False)
        known = {row["edition"] for row in stored.editions}
        if asked is not None and asked not in known:
            shown = stored.part("edition", against)
            reader.corrections.append(
                reader.say("icc_index.unknown.edition", asked=asked[:40], shown=shown)
            )
    leader = next((str(row["city"]) for row in stored.ranks if row["city"] != home), None)
    peers = [
        city for city in index_profiles.peers(session, index, stored.entry["peers"]) if city != home
    ]
    where = (session, index, edition)
    return More(
        against=against,
        earlier=earlier,
        change=next((row for row in changes if row["against"] == against), None),
        standing=next((row for row in stored.ranks if row["city"] == home), None),
        leader=leader,
        peers=peers,
        profile=index_profiles.profile(*where, home, leader=leader, peers=peers, against=against),
        ahead=index_profiles.ahead(*where, scope, home),
        holds=index_profiles.holds(*where, scope, home),
        paths=index_profiles.paths(*where, scope, home),
        has_components=edition in components.editions_with_components(session, index),
    )
