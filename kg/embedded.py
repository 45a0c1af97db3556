"""The embedded store as a Graph: Oxigraph itself, which spares rdflib's terms for every cell."""

from __future__ import annotations

from typing import IO, Any

from pyoxigraph import (
    BlankNode,
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from kg.errors import RefusedQuery, UsageError
from kg.graph import AnswerForm
from kg.rows import Rows, Value, plain_literal
from kg.schema import PREFIXES

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


class EmbeddedGraph:
    """The Graph of an open Oxigraph store. Its default graph is not a union: facts stand there once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def query(self, text: str) -> Rows:
        result = self._ask(text)
        if isinstance(result, QueryBoolean):
            return Rows(("answer",), ((bool(result),),))
        if isinstance(result, QueryTriples):
            triples = sorted((str(_plain(t.subject)), str(_plain(t.predicate)), str(_plain(t.object))) for t in result)
            return Rows(("subject", "predicate", "object"), tuple(triples))
        names = tuple(variable.value for variable in result.variables)
        return Rows(names, tuple(tuple(map(_plain, solution)) for solution in result))

    def write_answer(self, text: str, form: AnswerForm, to: IO[bytes]) -> None:
        result = self._ask(text)
        if isinstance(result, QueryTriples):
            if form not in _GRAPHS:
                raise UsageError(f"a graph is not written as {form}")
            serialize(result, to, format=_GRAPHS[form], prefixes=dict(PREFIXES))
        elif form not in _TABLES:
            raise UsageError(f"a table of values is not written as {form}")
        else:
            result.serialize(to, format=_TABLES[form])

    def _ask(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            return self._store.query(text, prefixes=dict(PREFIXES))
        except SyntaxError as error:
            cause = " ".join(str(error).split())[:200]  # Oxigraph goes on to list all that it would have taken
            raise RefusedQuery(f"not a query that can be run: {cause}") from None


def _plain(term: Any) -> Value:
    if term is None:
        return None
    if isinstance(term, Literal):
        return plain_literal(term.value, term.datatype.value)
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(getattr(term, "value", term))
