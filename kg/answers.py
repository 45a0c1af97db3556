"""Answers as Oxigraph's Python package holds them, whoever gave them: as plain rows, or written in a standard format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from pyoxigraph import (
    BlankNode,
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)

from kg.errors import UsageError
from kg.graph import AnswerForm
from kg.rows import Rows, Value, plain_literal
from kg.schema import PREFIXES

Answer = QuerySolutions | QueryBoolean | Iterable[Triple]

_TABLES = {
    AnswerForm.JSON: QueryResultsFormat.JSON,
    AnswerForm.XML: QueryResultsFormat.XML,
    AnswerForm.CSV: QueryResultsFormat.CSV,
    AnswerForm.TSV: QueryResultsFormat.TSV,
}
_GRAPHS = {
    AnswerForm.TURTLE: RdfFormat.TURTLE,
    AnswerForm.NTRIPLES: RdfFormat.N_TRIPLES,
    AnswerForm.JSONLD: RdfFormat.JSON_LD,
    AnswerForm.RDFXML: RdfFormat.RDF_XML,
}


def read_rows(answer: Answer, notes: tuple[str, ...] = ()) -> Rows:
    """The answer as columns and rows of plain values."""
    if isinstance(answer, QueryBoolean):
        return Rows(("answer",), ((bool(answer),),), notes)
    if isinstance(answer, QuerySolutions):
        names = tuple(variable.value for variable in answer.variables)
        return Rows(names, tuple(tuple(map(_plain, solution)) for solution in answer), notes)
    triples = sorted((str(_plain(t.subject)), str(_plain(t.predicate)), str(_plain(t.object))) for t in answer)
    return Rows(("subject", "predicate", "object"), tuple(triples), notes)


def write_answer(answer: Answer, form: AnswerForm, to: IO[bytes]) -> None:
    """Writes the answer. Raises UsageError where one of this kind has no such format (a table as Turtle)."""
    if isinstance(answer, QueryBoolean | QuerySolutions):
        if form not in _TABLES:
            raise UsageError(f"a table of values is not written as {form}")
        answer.serialize(to, format=_TABLES[form])
    elif form not in _GRAPHS:
        raise UsageError(f"a graph is not written as {form}")
    else:
        serialize(answer, to, format=_GRAPHS[form], prefixes=dict(PREFIXES))


def _plain(term: Any) -> Value:
    if term is None:
        return None
    if isinstance(term, Literal):
        return plain_literal(term.value, term.datatype.value)
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(getattr(term, "value", term))
