"""The query library (queries/*.rq) and the running of queries: a question goes in, columns and rows come out.

A query file is SPARQL. Its header comments say what it answers, which values it takes and what its columns are called
(docs/queries.md has the form). What users type for a value is resolved to terms of the graph before the query is run,
and put as literals or IRIs in the place of UNDEF in the value's line ``VALUES ?given_NAME { UNDEF }``. A value is
never part of the query's text in any other way. Lines that serve an optional value end in ``# with NAME``, or stand
between the lines ``# with NAME:`` and ``# end``; they are left out where it is not given. ``# without NAME`` marks
what stands in for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from kg.address import Address
from kg.current_store import pin_graph
from kg.embedded import EmbeddedGraph
from kg.errors import UsageError
from kg.graph import Graph
from kg.quads import write_iri, write_text, write_value
from kg.query_values import Meant, find_concepts, find_programme_class, find_region, find_relation, find_types
from kg.rows import Rows, Value
from kg.schema import DATA, PREFIXES, load_schema
from kg.statement_files import IRI
from kg.store import open_graph, open_names

# What the library is divided into, in the order in which it is listed, with its headings in both languages.
TOPICS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "partners": ("合作单位", "Partners"),
        "schools": ("学校与地区", "Schools and regions"),
        "programmes": ("专业", "Programmes"),
        "groups": ("集团与联盟", "Groups and alliances"),
        "figures": ("数据与核对", "Figures and checks"),
        "entities": ("实体、出处与报告", "Entities, evidence and reports"),
    }
)
MOST_NAMES = 1_000  # entities that one value may mean
LOT = 2_000  # IRIs that a query in bulk is asked about at once
LOT_OF_SERVERS = 100  # Virtuoso takes seconds to plan a query with some hundred IRIs in it
SEPARATOR = "、"  # between the values of a cell that holds a list, as it is shown
_NOTHING = f"{DATA}nothing"  # an IRI of which no graph says anything
JOINED = "|"  # … and as queries join them: Virtuoso garbles what is not ASCII there

_HEADER = re.compile(r"#\s*(title-zh|title-en|about-zh|about-en|topic|param|column):\s*(.+)")
_NEEDED = ("title-zh", "title-en", "about-zh", "about-en", "topic")
_SLOT = re.compile(r"VALUES \?given_(\w+) \{ UNDEF \}")
_GIVEN = re.compile(r"\?given_(\w+)")
_SERVES = re.compile(r"\s+# (with|without) (\w+)\s*$")
_BLOCK = re.compile(r"\s*# (with|without) (\w+):\s*")
_END = re.compile(r"\s*# end\s*")
_TYPES = re.compile(r"entity( [A-Z]\w*)+|concept [\w-]+|region|programme-class|relation|type|integer|text")


class Names(Protocol):
    """What finds entities by what one types (kg.name_index)."""

    def resolve(self, text: str, types: Collection[str] = (), limit: int = 1000) -> tuple[tuple[str, ...], int]:
        """The IRIs of the best ``limit`` entities of these types with such a name, and how many there are in all."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a query takes. ``type`` is one of

    ``entity School Region``: any part of a name of an entity of these classes, or an IRI; ``concept modes``: a word of
    that closed list; ``region``: a place, with all places in it; ``programme-class``: a category, class or programme
    of the catalogue; ``relation``: a kind of relation; ``type``: a type of entity; ``integer``; ``text``.
    """

    name: str
    type: str
    required: bool
    about_zh: str
    about_en: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query of the library. ``columns`` and ``columns_en`` map its variables to the headings that users see;
    ``lists`` are the columns whose cells hold several values."""

    name: str
    topic: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, str]
    columns_en: Mapping[str, str]
    lists: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A query with its values in their places: SPARQL that any store takes, and what a reader of the answer must know."""

    text: str
    notes: tuple[str, ...] = ()


# ---- the library


@cache
def load_queries() -> Mapping[str, Query]:
    """Every query of the library by name, topic by topic. Raises UsageError where a file's header is wrong."""
    found = _load_folder("queries")
    order = list(TOPICS)
    return {each.name: each for each in sorted(found, key=lambda each: (order.index(each.topic), each.name))}


@cache
def load_bulk_query(name: str) -> Query:
    """A query of ``queries/bulk``, which pictures are made of."""
    return next(each for each in _load_folder("queries.bulk") if each.name == name)


def _load_folder(package: str) -> list[Query]:
    files = (entry for entry in resources.files(package).iterdir() if entry.name.endswith(".rq"))
    return [parse_query(entry.name.removesuffix(".rq"), entry.read_text(encoding="utf-8")) for entry in files]


def find_query(name: str) -> Query:
    """The query of this name. Raises UsageError, which lists the names, where there is none."""
    queries = load_queries()
    if name not in queries:
        raise UsageError(f"there is no query {name!r}; there are: {', '.join(queries)}")
    return queries[name]


def parse_query(name: str, text: str) -> Query:
    """Reads the header of a query file. Raises UsageError where it lacks a part, or a value has no place in the query."""
    fields: dict[str, list[str]] = {}
    for line in text.splitlines():
        if match := _HEADER.fullmatch(line.strip()):
            fields.setdefault(match[1], []).append(match[2].strip())
    missing = [key for key in _NEEDED if len(fields.get(key, [])) != 1]
    if missing:
        raise UsageError(f"query {name}: the header must have one line each for {', '.join(missing)}")
    if fields["topic"][0] not in TOPICS:
        raise UsageError(f"query {name}: there is no topic {fields['topic'][0]!r}; there are: {', '.join(TOPICS)}")
    parameters = tuple(_parse_parameter(name, line) for line in fields.get("param", []))
    _check_places(name, text, parameters)
    columns = [_parse_column(name, line) for line in fields.get("column", [])]
    if not columns:
        raise UsageError(f"query {name}: the header must have a line for each column")
    return Query(
        name=name,
        topic=fields["topic"][0],
        title_zh=fields["title-zh"][0],
        title_en=fields["title-en"][0],
        about_zh=fields["about-zh"][0],
        about_en=fields["about-en"][0],
        parameters=parameters,
        columns=MappingProxyType({column: zh for column, zh, *_ in columns}),
        columns_en=MappingProxyType({column: en for column, _, en, *_ in columns}),
        lists=frozenset(column for column, *rest in columns if len(rest) == 3),
        text=text,
    )


def has_header(text: str) -> bool:
    """Whether a text is a query file with parameters, rather than SPARQL that is to be run as it stands."""
    return any((match := _HEADER.fullmatch(line.strip())) and match[1] == "param" for line in text.splitlines())


def _parse_parameter(query: str, line: str) -> Parameter:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 5 or not _TYPES.fullmatch(parts[1]) or parts[2] not in ("required", "optional"):
        raise UsageError(
            f"query {query}: not a parameter (name | type | required or optional | 中文 | English): {line}"
        )
    return Parameter(parts[0], parts[1], parts[2] == "required", parts[3], parts[4])


def _parse_column(query: str, line: str) -> list[str]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) not in (3, 4) or not all(parts) or (len(parts) == 4 and parts[3] != "list"):
        raise UsageError(f"query {query}: not a column (variable | 中文 | English, and | list for lists): {line}")
    return parts


def _check_places(query: str, text: str, parameters: tuple[Parameter, ...]) -> None:
    """Every value has its line, and what an optional one needs can be left out."""
    known = {parameter.name: parameter for parameter in parameters}
    if set(known) != set(_SLOT.findall(text)):
        raise UsageError(
            f"query {query}: every param must have its line VALUES ?given_… {{ UNDEF }}, and the other way round"
        )
    for line, serves in _iter_served(text):
        if serves and (serves[1] not in known or known[serves[1]].required):
            raise UsageError(f"query {query}: no optional param is called {serves[1]!r}: {line.strip()}")
        for given in _GIVEN.findall(line):
            if given in known and not known[given].required and serves != ("with", given):
                raise UsageError(f"query {query}: the line must end in # with {given}: {line.strip()}")


# ---- values


def bind_query(query: Query, values: Mapping[str, str | int], names: Names, served: bool = False) -> Bound:
    """The query with the values in their places, each resolved to the terms of the graph that it means. ``served``: as
    servers plan it best, which know less of long lists than the embedded store.

    Raises UsageError for an unknown parameter, a missing one, or a value that is not of the parameter's type.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            takes = ", ".join(known) or "none"
            raise UsageError(f"query {query.name} has no parameter {name!r}; it takes: {takes}")
    given = {name: value for name, value in values.items() if str(value).strip()}
    missing = [each for each in query.parameters if each.required and each.name not in given]
    if missing:
        raise UsageError(
            f"query {query.name} needs " + ", ".join(f"-p {each.name}=… ({describe(each)})" for each in missing)
        )
    slots: dict[str, str] = {}
    notes: list[str] = []
    for parameter in query.parameters:
        if parameter.name in given:
            terms, note = _resolve(parameter, given[parameter.name], names)
            slots[parameter.name] = _write_slot(parameter.name, terms, served)
            notes.extend(filter(None, [note]))
    return Bound(_put_slots(query, slots), tuple(notes))


def _put_slots(query: Query, slots: Mapping[str, str]) -> str:
    """The query's text with what gives its values in their places, without the lines that serve other values."""
    return _SLOT.sub(lambda slot: slots.get(slot[1], slot[0]), "".join(_keep_lines(query.text, slots)))


def _write_slot(name: str, terms: Meant | str, served: bool) -> str:
    """What gives a parameter's variable its values: IRIs, or a finished literal."""
    variable = f"?given_{name}"
    if isinstance(terms, str):
        return f"VALUES {variable} {{ {terms} }}"
    iris = terms.iris
    if served and terms.tops:
        # Virtuoso takes seconds, and memory without end, to plan a query with some hundred IRIs in it
        tops, broader = " ".join(map(write_iri, (*terms.tops, _NOTHING))), write_iri(f"{PREFIXES['skos']}broader")
        return f"VALUES {variable}_top {{ {tops} }} {variable} {broader}* {variable}_top ."
    if served and len(iris) == 1:
        iris = (*iris, _NOTHING)  # and cannot group by what can only be one
    return f"VALUES {variable} {{ {' '.join(map(write_iri, iris))} }}"


def describe(parameter: Parameter) -> str:
    """What a parameter is, in both languages."""
    return f"{parameter.about_zh} / {parameter.about_en}"


def _iter_served(text: str) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """Every line that is no mark, with what it serves: ("with", "year"), or None where it is always needed."""
    block = None
    for line in text.splitlines():
        if opens := _BLOCK.fullmatch(line):
            block = (opens[1], opens[2])
        elif block is not None and _END.fullmatch(line):
            block = None
        elif serves := _SERVES.search(line):
            yield line[: serves.start()], (serves[1], serves[2])
        else:
            yield line, block


def explain_type(parameter: Parameter) -> str:
    """What may be typed for a parameter that takes one of a list, "" for all others."""
    kind, *names = parameter.type.split()
    schema = load_schema()
    if kind == "concept":
        return "、".join(f"{each.label_zh} ({each.label_en})" for each in schema.lists[names[0]])
    if kind == "relation":
        return "、".join(f"{schema.label(name)} ({name})" for name in sorted(schema.relations))
    if kind == "type":
        return "、".join(f"{schema.label(name)} ({name})" for name in sorted(schema.leaf_types))
    return ""


def _keep_lines(text: str, terms: Mapping[str, str]) -> Iterator[str]:
    """The lines that go into a query with these values."""
    for line, serves in _iter_served(text):
        header = _HEADER.fullmatch(line.strip())
        if header and header[1] == "param":
            continue  # all values are in their places: what is left takes none
        if serves is None or (serves[1] in terms) == (serves[0] == "with"):
            yield f"{line}\n"


def _resolve(parameter: Parameter, value: str | int, names: Names) -> tuple[Meant | str, str]:
    """What a value means, a literal written for SPARQL, and a note for the reader."""
    if parameter.type == "integer":
        try:
            return write_value(int(value)), ""
        except ValueError:
            raise UsageError(f"parameter {parameter.name} must be a whole number, not {value!r}") from None
    text = str(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError(f"parameter {parameter.name} is not text that can be written in UTF-8") from None
    if parameter.type == "text":
        return write_text(text), ""
    meant = _find(parameter, text.strip(), names)
    return meant, meant.note


def _find(parameter: Parameter, text: str, names: Names) -> Meant:
    kind, *classes = parameter.type.split()
    if kind == "entity":
        return _find_entities(text, classes, names)
    if IRI.fullmatch(text):
        return Meant((text,))
    try:
        if kind == "concept":
            return find_concepts(classes[0], text)
        return _IN_MEMORY[kind](text)
    except UsageError as error:
        raise UsageError(f"parameter {parameter.name}: {error}") from None


_IN_MEMORY = {
    "region": find_region,
    "programme-class": find_programme_class,
    "relation": find_relation,
    "type": find_types,
}


def _find_entities(text: str, types: Collection[str], names: Names) -> Meant:
    if IRI.fullmatch(text):
        return Meant((text,))
    iris, count = names.resolve(text, types, MOST_NAMES)
    if not count:
        note = (
            f"图谱中没有名称含“{text}”，可试较短的一段 / no name in the graph holds {text!r}; a shorter part of it may"
        )
    elif count > len(iris):
        note = (
            f"“{text}”在{count}个实体的名称中，只查最相近的{len(iris)}个 / "
            f"{count} names hold {text!r}; only the best {len(iris)} are asked about"
        )
    elif count > 1:
        note = f"“{text}”按{count}个实体查询 / {text!r} was taken for {count} entities"
    else:
        note = ""
    return Meant(iris, note)


# ---- answers


def run_query(
    home: Path, name: str, values: Mapping[str, str | int] | None = None, store: Address | None = None
) -> Rows:
    """Runs a query of the library on the graph of a home, or of the server ``store`` that holds it.

    Raises UsageError for a wrong name or value and MissingStore where there is no graph.
    """
    query = find_query(name)
    with pin_graph(home) as pinned, open_graph(pinned, store) as graph, open_names(pinned) as names:
        return ask_query(graph, names, query, values or {}, store is not None)


def bind_home(home: Path, query: Query, values: Mapping[str, str | int], store: Address | None = None) -> Bound:
    """A query with its values, resolved by the names of a home. Raises as run_query does."""
    with pin_graph(home) as pinned, open_graph(pinned, store) as graph, open_names(pinned) as names:
        return bind_query(query, _follow(graph, values), names, store is not None)


def ask_query(graph: Graph, names: Names, query: Query, values: Mapping[str, str | int], served: bool = False) -> Rows:
    """The answer of an open graph to a query with these values. Raises UsageError for a wrong value."""
    bound = bind_query(query, _follow(graph, values), names, served)
    rows = graph.query(bound.text)
    return replace(order_lists(query, rows), notes=(*bound.notes, *rows.notes))


def order_lists(query: Query, rows: Rows) -> Rows:
    """The answer to a query with the values of each list in their order."""
    if not query.lists:
        return rows
    lists = [column in query.lists for column in rows.columns]
    return replace(rows, rows=tuple(tuple(map(_order_list, row, lists)) for row in rows.rows))


def _follow(graph: Graph, values: Mapping[str, str | int]) -> Mapping[str, str | int]:
    return {key: find_current(graph, value) for key, value in values.items()}


def _order_list(value: Value, is_list: bool) -> Value:
    """The values of a list in their order, None for none: GROUP_CONCAT gives them as a store happens to find them."""
    if not is_list or not isinstance(value, str):
        return value
    values = filter(None, value.split(JOINED))  # Virtuoso joins what there is not as ""
    return SEPARATOR.join(sorted(values, key=lambda each: (len(each) if each.isdigit() else 0, each))) or None


def run_bulk(graph: Graph, name: str, **given: Sequence[str]) -> list[dict[str, Value]]:
    """The rows of a query in bulk, sorted, each once; ``given`` are IRIs for its parameters, as many as one likes.

    They are asked about in lots; of several parameters the longest is divided.
    """
    query = load_bulk_query(name)
    longest = max(given, key=lambda key: len(given[key]), default=None)
    many = given[longest] if longest is not None else ("",)
    rows: set[tuple[Value, ...]] = set()
    served = not isinstance(graph, EmbeddedGraph)
    size = LOT_OF_SERVERS if served else LOT
    for at in range(0, len(many), size):
        lot = given if longest is None else {**given, longest: many[at : at + size]}
        slots = {key: _write_slot(key, Meant(tuple(iris)), served) for key, iris in lot.items()}
        rows.update(graph.query(_put_slots(query, slots)).rows)
    order = sorted(rows, key=lambda row: tuple(map(str, row)))
    return [dict(zip(query.columns, row, strict=True)) for row in order]


def find_current(graph: Graph, value: str | int) -> str | int:
    """The IRI that an IRI was replaced by when its entity was merged into another; any other value as it is."""
    if not isinstance(value, str) or not IRI.fullmatch(value):
        return value
    rows = graph.query(f"SELECT ?new {{ <{value}> <{PREFIXES['dcterms']}isReplacedBy> ?new }}").rows
    return str(rows[0][0]) if rows else value
