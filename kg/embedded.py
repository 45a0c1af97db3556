"""The embedded store as a Graph: Oxigraph itself, which spares rdflib's terms for every cell."""

from __future__ import annotations

from typing import IO

from pyoxigraph import Store

from kg import answers
from kg.errors import RefusedQuery
from kg.graph import AnswerForm
from kg.rows import Rows
from kg.schema import PREFIXES


class EmbeddedGraph:
    """The Graph of an open Oxigraph store. Its default graph is not a union: facts stand there once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def query(self, text: str) -> Rows:
        return answers.read_rows(self._ask(text))

    def write_answer(self, text: str, form: AnswerForm, to: IO[bytes]) -> None:
        answers.write_answer(self._ask(text), form, to)

    def _ask(self, text: str) -> answers.Answer:
        try:
            return self._store.query(text, prefixes=dict(PREFIXES))
        except SyntaxError as error:
            cause = " ".join(str(error).split())[:200]  # Oxigraph goes on to list all that it would have taken
            raise RefusedQuery(f"not a query that can be run: {cause}") from None
