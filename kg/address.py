"""Where a server holds the graph in place of the embedded store, as ``--store`` and ``KG_STORE`` name it."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kg.errors import UsageError
from kg.quads import write_text
from kg.schema import DATA, PREFIXES

FACTS = f"{DATA}graph/facts"
MARKER = f"{DATA}graph/loaded"  # the graph, and the subject of its one triple

_KEYS = {
    "query": "query",
    "update": "update",
    "graph-store": "graph_store",
    "user": "user",
    "password-variable": "password_variable",
    "auth": "auth",
    "default-graph": "default_graph",
    "certificates": "certificates",
}
_URLS = ("query", "update", "graph-store")
_SCHEMES = ("basic", "digest")


@dataclass(frozen=True, slots=True)
class Address:
    """A server that answers SPARQL 1.1. ``update`` or ``graph_store`` are needed only to load the graph into it.

    The password is never part of it: ``password_variable`` names the environment variable that holds it.
    ``default_graph`` is the named graph in which the facts stand where a server has no default graph of its own, as
    Virtuoso; "" where the server has one and the facts stand there. ``certificates`` is a file of those that are
    trusted in place of the public ones.
    """

    query: str
    update: str = ""
    graph_store: str = ""
    user: str = ""
    password_variable: str = ""
    auth: str = "basic"
    default_graph: str = FACTS
    certificates: str = ""

    def find_password(self) -> str:
        """Raises UsageError where the environment does not hold it."""
        if self.password_variable not in os.environ:
            raise UsageError(f"{self.query}: the environment variable {self.password_variable} holds no password")
        return os.environ[self.password_variable]


def read_address(text: str) -> Address:
    """The address that a URL of a query endpoint is, or that a TOML file of this name holds (docs/remote-store.md).

    Raises UsageError, one line that names the fault.
    """
    if text.lower().startswith(("http://", "https://")):
        return Address(_check_url(text, text))
    try:
        given = tomllib.loads(Path(text).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{text}: neither a URL nor a file that can be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{text}: not text in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{text}: not TOML: {error}") from None
    for key, value in given.items():
        if key not in _KEYS:
            raise UsageError(f"{text}: unknown key {key!r}; there are: {', '.join(_KEYS)}")
        if not isinstance(value, str):
            raise UsageError(f"{text}: {key} must be a text")
    if "query" not in given:
        raise UsageError(f"{text}: query, the URL of the query endpoint, is missing")
    for key in _URLS:
        if key in given:
            _check_url(text, given[key])
    if given.get("auth", "basic") not in _SCHEMES:
        raise UsageError(f"{text}: auth must be one of {', '.join(_SCHEMES)}")
    if ("user" in given) != ("password-variable" in given):
        raise UsageError(f"{text}: user and password-variable go together")
    if graph := given.get("default-graph"):
        check_iri(f"{text}: default-graph", graph)
    return Address(**{_KEYS[key]: value for key, value in given.items()})


def _check_url(place: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        whole = False
    if not whole:
        raise UsageError(f"{place}: not the URL of a server: {url}")
    if parts.username is not None:
        raise UsageError("a URL with a password is read by others; name user and password-variable in a TOML file")
    return url


def check_iri(place: str, iri: str) -> str:
    """The IRI of a graph. Raises UsageError, which names the place, where it is none."""
    if ":" not in iri or any(char <= " " or char in '<>"{}|^`\\' for char in iri):
        raise UsageError(f"{place}: not the IRI of a graph: {iri}")
    return iri


def marker_quad(fingerprint: str) -> str:
    """What says in a server that a whole graph is loaded, and of which build: a line of N-Quads."""
    return f"<{MARKER}> <{PREFIXES['dcterms']}identifier> {write_text(fingerprint)} <{MARKER}> .\n"
