"""Which format an answer is written in: what the client accepts, weighed as RFC 9110 says, or ``?format=``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kg.errors import WrongForm
from kg.graph import AnswerForm

# The first of each is the one that answers carry; in the order in which the server prefers them.
TABLES: Mapping[AnswerForm, tuple[str, ...]] = MappingProxyType(
    {
        AnswerForm.JSON: ("application/sparql-results+json", "application/json"),
        AnswerForm.XML: ("application/sparql-results+xml", "application/xml", "text/xml"),
        AnswerForm.CSV: ("text/csv",),
        AnswerForm.TSV: ("text/tab-separated-values",),
    }
)
TRIPLES: Mapping[AnswerForm, tuple[str, ...]] = MappingProxyType(
    {
        AnswerForm.TURTLE: ("text/turtle", "application/x-turtle"),
        AnswerForm.NTRIPLES: ("application/n-triples", "text/plain"),
        AnswerForm.JSONLD: ("application/ld+json", "application/json"),
        AnswerForm.RDFXML: ("application/rdf+xml", "application/xml", "text/xml"),
    }
)
# The words of ?format= and what they mean for a table and for triples.
WORDS: Mapping[str, tuple[AnswerForm | None, AnswerForm | None]] = MappingProxyType(
    {
        "json": (AnswerForm.JSON, AnswerForm.JSONLD),
        "xml": (AnswerForm.XML, AnswerForm.RDFXML),
        "csv": (AnswerForm.CSV, None),
        "tsv": (AnswerForm.TSV, None),
        "ttl": (None, AnswerForm.TURTLE),
        "n3": (None, AnswerForm.TURTLE),
        "turtle": (None, AnswerForm.TURTLE),
        "nt": (None, AnswerForm.NTRIPLES),
        "ntriples": (None, AnswerForm.NTRIPLES),
        "n-triples": (None, AnswerForm.NTRIPLES),
        "jsonld": (None, AnswerForm.JSONLD),
        "json-ld": (None, AnswerForm.JSONLD),
        "rdf": (None, AnswerForm.RDFXML),
        "rdfxml": (None, AnswerForm.RDFXML),
        "rdf+xml": (None, AnswerForm.RDFXML),
    }
)
HTML = "text/html"


def choose_type(accept: str, offered: Sequence[str]) -> str:
    """The offered media type that the Accept header weighs most, of equals the first; "" where it takes none.

    A header that cannot be read takes anything, as one that is missing does.
    """
    ranges = _read_accept(accept)
    if not ranges:
        return offered[0]
    best, weight = "", 0.0
    for each in offered:
        # The most specific range that the type falls under decides, whatever the others say.
        under = [(len(kind.replace("*", "")), q) for kind, q in ranges if _falls_under(each, kind)]
        q = max(under)[1] if under else 0.0
        if q > weight:
            best, weight = each, q
    return best


def _read_accept(header: str) -> list[tuple[str, float]]:
    ranges = []
    for part in header.lower().split(","):
        kind, *parameters = (each.strip() for each in part.split(";"))
        if kind.count("/") != 1:
            continue
        q = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    q = min(1.0, max(0.0, float(value)))
                except ValueError:
                    q = 0.0
        ranges.append((kind, q if q == q else 0.0))
    return ranges


def _falls_under(media_type: str, kind: str) -> bool:
    return kind == "*/*" or kind == media_type or (kind.endswith("/*") and media_type.startswith(kind[:-1]))


def prefers_page(accept: str) -> bool:
    """Whether the client is a browser: it names HTML and wants it more than anything that the endpoint answers."""
    forms = [kind for kinds in (*TABLES.values(), *TRIPLES.values()) for kind in kinds]
    return HTML in accept.lower() and choose_type(accept, [HTML, *forms]) == HTML


def choose_forms(accept: str, words: Sequence[str] = ()) -> tuple[dict[AnswerForm, str], dict[AnswerForm, str]]:
    """The form for a table and that for triples, each with its media type; empty where the client takes none.

    ``words`` are those of ?format=; SPARQLWrapper sends several, of which the first one known counts. Raises WrongForm
    where none means anything.
    """
    if words and words[0]:
        known = [word.lower() for word in words if word.lower() in WORDS]
        if not known:
            raise WrongForm(f"format={words[0][:40]!a} is not written; there are: {', '.join(WORDS)}")
        table, triples = WORDS[known[0]]
        return ({table: TABLES[table][0]} if table else {}), ({triples: TRIPLES[triples][0]} if triples else {})
    return _choose_form(accept, TABLES), _choose_form(accept, TRIPLES)


def _choose_form(accept: str, forms: Mapping[AnswerForm, tuple[str, ...]]) -> dict[AnswerForm, str]:
    # A common name (application/json) only counts where the client does not take the proper one.
    kinds = {kind: form for at in range(3) for form, names in forms.items() for kind in names[at : at + 1]}
    chosen = choose_type(accept, list(kinds))
    return {kinds[chosen]: chosen} if chosen else {}
