"""The catalogue's indices as tables of the store."""

from __future__ import annotations

from typing import Any

from barometer_lib.catalogue import Catalogue
from barometer_lib.catalogue.entries import Index

Rows = list[dict[str, Any]]


def index_tables(content: Catalogue) -> dict[str, Rows]:
    """Indices, their components, sets of weights, editions and scopes, by table name."""
    indices = content.all(Index)
    return {
        "index_definition": [
            {
                "index": one.id,
                "unit": one.unit,
                "home_city": one.home_city,
                "weights_public": one.weights_public,
                "decimals": one.decimals,
                "peers": one.peers,
                "source": one.source,
            }
            for one in indices
        ],
        "index_component": [
            {"index": one.id, "component": part.id, "number": part.number, "lens": part.lens}
            for one in indices
            for part in one.components
        ],
        "index_weight": [
            {
                "index": one.id,
                "weights": known.id,
                "basis": known.basis,
                "component": component,
                "weight": float(weight),
                "source": known.source,
            }
            for one in indices
            for known in one.weights
            for component, weight in known.weights.items()
        ],
        "index_edition": [
            {
                "index": one.id,
                "edition": edition.id,
                "precision": edition.precision,
                "sort_day": edition.order,
                "weights": edition.weights,
            }
            for one in indices
            for edition in one.editions
        ],
        "index_scope": [
            {"index": one.id, "scope": scope.id, "position": position}
            | scope.model_dump(exclude={"id"})
            for one in indices
            for position, scope in enumerate(one.scopes)
        ],
    }
