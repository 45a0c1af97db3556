"""The knowledge of the genre: extractors that turn a Document and its mentions into claims.

To add one: write a module with ``NAME`` and ``extract(reading)``, name it here, put any new term into the ontology, and
a sample with its expected claims into the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from extractors import (
    bases,
    compared_figures,
    figures,
    groups,
    list_counts,
    offerings,
    partnerships,
    schools,
    table_rates,
    table_totals,
    tables,
)
from extractors.reading import Reading
from kg.model import Check, Claim, FigureClaim

EXTRACTORS: tuple[Callable[[Reading], Iterator[Claim]], ...] = (
    tables.extract,
    partnerships.extract,
    groups.extract,
    offerings.extract,
    schools.extract,
    bases.extract,
)
FIGURE_EXTRACTORS: tuple[Callable[[Reading], Iterator[FigureClaim]], ...] = (figures.extract, compared_figures.extract)
CHECKERS: tuple[Callable[[Reading], Iterator[Check]], ...] = (
    table_totals.check,
    table_rates.check,
    list_counts.check,
)

VERSION = "2"
"""Changes whenever a change of the extractors may change what comes out: statement files remember it."""
