"""What answers SPARQL: the store of a home, or a server that holds the same graph."""

from __future__ import annotations

from enum import StrEnum
from typing import IO, Protocol

from kg.rows import Rows


class AnswerForm(StrEnum):
    """The ways in which an answer is written: the first four for SELECT and ASK, the others for CONSTRUCT and DESCRIBE."""

    JSON = "json"
    XML = "xml"
    CSV = "csv"
    TSV = "tsv"
    TURTLE = "ttl"
    NTRIPLES = "nt"
    JSONLD = "jsonld"
    RDFXML = "rdf"


class Graph(Protocol):
    """A graph that is open for reading. Facts stand in its default graph, evidence in a named graph for each report.

    Only for texts that are ours or that kg.strangers has checked. Both methods raise RefusedQuery where the text is
    not SPARQL, and KgError where the graph cannot be reached.
    """

    def query(self, text: str) -> Rows:
        """The answer as plain values."""

    def write_answer(self, text: str, form: AnswerForm, to: IO[bytes]) -> None:
        """Writes the answer in a standard format.

        Raises UsageError where a query of this kind has no such format (a SELECT as Turtle).
        """
