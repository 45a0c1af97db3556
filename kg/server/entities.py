"""What the graph says about one IRI, gathered for its page and for programs.

An entity has names, facts by relation, figures, links and branches; all else (a report, a statement, a concept) is shown
as its properties and what points to it. Queries begin at the IRI; long lists come a page at a time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote

from kg.rows import Value
from kg.schema import DATA, ONTOLOGY, PREFIXES, load_schema
from kg.server.words import say_in
from kg.strangers import QueryPool

FACTS = 30  # of a relation on a page of all relations
MORE_FACTS = 100  # of the only relation on a page
DESCRIBED = 1000  # facts of an entity that go into one document for programs
MOST_PAGES = 10_000
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
# What a page says in another place, or not at all.
_NOT_LISTED = ("zj:searchText", "skos:prefLabel", "skos:altLabel", "rdf:type")
_ALSO = f"{PREFIXES['skos']}altLabel"
_NAMES = (f"{PREFIXES['skos']}prefLabel", f"{PREFIXES['dcterms']}title", f"{PREFIXES['rdfs']}label")
_TYPE = f"{PREFIXES['rdf']}type"
_PLACE = ("section", "page", "table", "row", "caption")
_NOT_DETAILS = {"type", "source", "identifier", "year", *_PLACE}


@dataclass(frozen=True, slots=True)
class Property:
    """One value of a property: ``iri`` where it is a thing and no text, ``words`` as it is shown."""

    label: str
    words: str
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands in a report."""

    report: str
    title: str
    words: str
    section: str = ""
    page: Value = None
    table: Value = None
    row: Value = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation of the entity to another, with its year, its qualifiers, and where it stands."""

    iri: str
    other: str
    other_name: str
    year: Value
    details: tuple[Property, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one relation in one direction; ``facts`` are those of one page.

    "out": the entity is the source; "in": it is the target; "of": it plays a part in a fact between two others.
    """

    relation: str
    direction: str
    total: int
    facts: tuple[Fact, ...]
    page: int = 1
    pages: int = 1

    @property
    def by_other(self) -> list[tuple[str, str, list[Fact]]]:
        """IRI and name of each neighbour with the facts about it, in order."""
        found: dict[str, tuple[str, str, list[Fact]]] = {}
        for fact in self.facts:
            found.setdefault(fact.other, (fact.other, fact.other_name, []))[2].append(fact)
        return list(found.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """The values of an indicator by year: a list of (value, IRI of the statement) for each year."""

    indicator: str
    unit: str
    by_year: Mapping[Value, tuple[tuple[Value, str], ...]]


@dataclass(frozen=True, slots=True)
class Thing:
    """Everything a page shows. ``facts`` is empty where the IRI is no entity, ``pointing`` where it is one."""

    iri: str
    name: str
    types: tuple[Property, ...]
    other_names: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()
    links: tuple[tuple[Property, Place], ...] = ()  # places in the catalogue or the divisions, as reports say
    branches: tuple[Property, ...] = ()
    evidence: tuple[Place, ...] = ()  # of a statement
    facts: tuple[Facts, ...] = ()
    figures: tuple[Figures, ...] = ()
    pointing: tuple[Property, ...] = ()
    page: int = 1
    more: bool = False  # whether another page of ``pointing`` follows
    is_entity: bool = False
    entity_types: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Replaced:
    """The IRI was that of an entity which was merged into another."""

    by: str


@cache
def _ends() -> Mapping[str, tuple[str, str, str, str]]:
    """ "partnersWith out" → relation, direction, the property that leads to the entity, and that to the other.

    "programmes of" → facts between two others in which the entity plays a part; the other is the target then.
    """
    found = {}
    for relation in load_schema().relations.values():
        name = relation.predicate
        found[f"{name} out"] = (name, "out", relation.source, relation.target)
        found[f"{name} in"] = (name, "in", relation.target, relation.source)
    for key, property_ in load_schema().entity_keys.items():
        found[f"{key} of"] = (key, "of", property_, "")
    return found


def is_iri(text: str) -> bool:
    """Whether a text may stand between < and > in a query of ours."""
    return _IRI.fullmatch(text) is not None


async def read_thing(
    pool: QueryPool, iri: str, language: str, relation: str = "", direction: str = "out", page: int = 1
) -> Thing | Replaced | None:
    """What is known about an IRI; with a relation only the facts of that one. None where nothing is."""
    page = max(1, min(page, MOST_PAGES))
    node = f"<{iri}>"
    replaced, own, named, counts, links, units, figures, evidence, pointing = await pool.ask_rows(
        f"SELECT ?new {{ {node} dcterms:isReplacedBy ?new }}",
        _properties_text(f"{node} ?p ?o", language),
        _properties_text(f"GRAPH ?g {{ {node} ?p ?o }}", language),
        _counts_text(node),
        _links_text(node, language),
        f"SELECT ?unit ?name {{ ?unit org:unitOf {node} ; skos:prefLabel ?name }} ORDER BY ?name ?unit LIMIT 500",
        _figures_text(node),
        _evidence_text(node),
        _pointing_text(node, page),
    )
    if replaced.rows:
        return Replaced(str(replaced.rows[0][0]))
    if not own.rows and not named.rows and not pointing.rows:
        return None
    rows = [*own.as_dicts(), *named.as_dicts()]
    types = [row for row in rows if row["p"] == _TYPE]
    schema = load_schema()
    kinds = {iri_: name for name, iri_ in schema.types.items()}
    entity_types = tuple(dict.fromkeys(kinds[str(row["o"])] for row in types if str(row["o"]) in kinds))
    labels = [str(row["o"]) for row in rows if row["p"] in _NAMES]
    name = _name(rows, own.as_dicts(), types, language) or short_name(iri)
    is_entity = bool(entity_types)
    facts: tuple[Facts, ...] = ()
    if is_entity:
        totals = {str(row["at"]): int(str(row["n"])) for row in counts.as_dicts()}
        wanted = {key: total for key, total in totals.items() if not relation or key == f"{relation} {direction}"}
        facts = await _read_facts(pool, node, wanted, language, page if relation else 1, bool(relation))
    points = () if is_entity else tuple(pointing.as_dicts()[:MORE_FACTS])
    edges = {each.edge for each in schema.relations.values()}
    return Thing(
        iri=iri,
        name=name,
        types=tuple(Property("", label_iri(str(row["o"]), language), str(row["o"])) for row in types),
        other_names=tuple(sorted(({str(row["o"]) for row in rows if row["p"] == _ALSO} | set(labels)) - {name}))
        if is_entity
        else (),
        properties=tuple(
            _property(row, language)
            for row in rows
            if row["p"] not in edges and (not is_entity or _short(str(row["p"])) not in _NOT_LISTED)
        ),
        links=tuple(_link(row) for row in links.as_dicts()),
        evidence=tuple(_place(row) for row in evidence.as_dicts()),
        branches=tuple(Property("", str(row["name"]), str(row["unit"])) for row in units.as_dicts()),
        facts=facts,
        figures=_tabulate(figures.as_dicts()),
        pointing=await _read_pointing(pool, points, language) if points else (),
        page=page,
        more=not is_entity and len(pointing.rows) > MORE_FACTS,
        is_entity=is_entity,
        entity_types=entity_types,
    )


# ---- the queries


def _properties_text(pattern: str, language: str, subject: str = "") -> str:
    return f"""SELECT DISTINCT {subject} ?p ?o ?thing ?label (LANG(?o) AS ?language) {{
      {{ SELECT {subject} ?p ?o {{ {pattern} }} LIMIT 3000 }}
      BIND(ISIRI(?o) AS ?thing)
      OPTIONAL {{ ?o skos:prefLabel|dcterms:title ?label FILTER(LANG(?label) = "" || LANG(?label) = "{language}") }}
    }} ORDER BY ?p ?label ?o"""


def _counts_text(node: str) -> str:
    ends = " ".join(f'("{key}" <{end}>)' for key, (_, _, end, _) in _ends().items())
    return f"SELECT ?at (COUNT(?s) AS ?n) {{ VALUES (?at ?end) {{ {ends} }} ?s ?end {node} }} GROUP BY ?at"


def _links_text(node: str, language: str) -> str:
    # OPTIONAL is asked row by row, where a join would begin with all labels that there are.
    return f"""SELECT DISTINCT ?concept ?code ?name ?way ?report ?title ?section ?page ?table ?row ?words {{
      {{ SELECT ?link ?concept ?by ?report {{
        ?link zj:linkedEntity {node} ; zj:linkedConcept ?concept ; zj:linkWay ?by ; dcterms:source ?report }} LIMIT 20 }}
      OPTIONAL {{ ?concept skos:notation ?code }}
      OPTIONAL {{ ?concept skos:prefLabel ?name }}
      OPTIONAL {{ ?by skos:prefLabel ?way FILTER(LANG(?way) = "{language}") }}
      OPTIONAL {{ ?report dcterms:title ?title }}
      OPTIONAL {{ ?link zj:section ?section }} OPTIONAL {{ ?link zj:page ?page }}
      OPTIONAL {{ ?link zj:table ?table }} OPTIONAL {{ ?link zj:row ?row }}
      OPTIONAL {{ GRAPH ?report {{ ?link zj:evidence ?e . ?e oa:hasSelector ?q . ?q oa:exact ?words }} }}
    }} ORDER BY ?code ?title ?report"""


def _figures_text(node: str) -> str:
    return f"""SELECT DISTINCT ?s ?indicator ?year ?value ?unit {{
      ?s zj:about {node} ; zj:indicator ?i ; zj:value ?value . ?i skos:notation ?indicator .
      OPTIONAL {{ ?s zj:year ?year }} OPTIONAL {{ ?s zj:unit ?unit }}
    }} ORDER BY ?indicator ?unit ?year ?value ?s LIMIT 2000"""


def _evidence_text(node: str) -> str:
    return f"""SELECT ?report ?title ?words ?section ?page ?table ?row ?caption {{
      {node} dcterms:source ?report .
      GRAPH ?report {{ {node} zj:evidence ?e . ?e oa:hasSelector ?q . ?q oa:exact ?words }}
      OPTIONAL {{ ?report dcterms:title ?title }} OPTIONAL {{ {node} zj:section ?section }}
      OPTIONAL {{ {node} zj:page ?page }} OPTIONAL {{ {node} zj:table ?table }}
      OPTIONAL {{ {node} zj:row ?row }} OPTIONAL {{ {node} zj:caption ?caption }}
    }} LIMIT 10"""


def _pointing_text(node: str, page: int) -> str:
    return f"""SELECT ?s ?p {{ ?s ?p {node} FILTER(?p != rdf:type) }}
    LIMIT {MORE_FACTS + 1} OFFSET {(page - 1) * MORE_FACTS}"""


async def _read_pointing(pool: QueryPool, rows: Sequence[Mapping[str, Value]], language: str) -> tuple[Property, ...]:
    """What points to a thing: facts by both their ends, other things by their names."""
    subjects = " ".join(f"<{row['s']}>" for row in rows if is_iri(str(row["s"])))
    (described,) = await pool.ask_rows(_properties_text(f"VALUES ?s {{ {subjects} }} ?s ?p ?o", language, "?s"))
    by_subject: defaultdict[Value, list[Mapping[str, Value]]] = defaultdict(list)
    for each in described.as_dicts():
        by_subject[each["s"]].append(each)
    found = []
    for row in rows:
        its = by_subject[row["s"]]
        types = [said for said in its if said["p"] == _TYPE]
        kind = max((str(said["o"]) for said in types), default="")  # ours, where it is also of another vocabulary
        name = _name(its, its, types, language) or short_name(str(row["s"]))
        words = f"{label_iri(kind, language)} {name}" if kind else name
        found.append(Property(label_iri(str(row["p"]), language), words, str(row["s"])))
    return tuple(sorted(found, key=lambda found: (found.label, found.words, found.iri)))


async def _read_facts(
    pool: QueryPool, node: str, totals: Mapping[str, int], language: str, page: int, alone: bool
) -> tuple[Facts, ...]:
    size = MORE_FACTS if alone else FACTS
    keys = [key for key in _ends() if totals.get(key)]
    texts = []
    for key in keys:
        _, _, end, other_end = _ends()[key]
        to_other = f"?s <{other_end}> ?other" if other_end else "?s a ?class . ?class zj:target ?to . ?s ?to ?other"
        picked = f"""{{ SELECT DISTINCT ?s ?other ?name {{ ?s <{end}> {node} . {to_other} .
          OPTIONAL {{ ?other skos:prefLabel ?name }} }} ORDER BY ?name ?other ?s LIMIT {size} OFFSET {(page - 1) * size} }}"""
        texts.append(
            f"""SELECT ?s ?other ?name ?p ?o ?thing ?label {{ {picked} ?s ?p ?o . BIND(ISIRI(?o) AS ?thing)
              OPTIONAL {{ ?o skos:prefLabel ?label FILTER(LANG(?label) = "" || LANG(?label) = "{language}") }}
            }} ORDER BY ?name ?other ?s ?p ?label ?o"""
        )
        texts.append(
            f"""SELECT ?s ?words ?report ?title {{ {picked} ?s dcterms:source ?report .
              GRAPH ?report {{ ?s zj:evidence ?e . ?e oa:hasSelector ?q . ?q oa:exact ?words }}
              OPTIONAL {{ ?report dcterms:title ?title }} }}"""
        )
    answers = await pool.ask_rows(*texts) if texts else ()
    found = []
    for at, key in enumerate(keys):
        relation, direction, *ends = _ends()[key]
        facts = _gather(answers[2 * at].as_dicts(), answers[2 * at + 1].as_dicts(), set(ends), language)
        pages = -(-totals[key] // size)
        found.append(Facts(relation, direction, totals[key], tuple(facts), page, pages))
    return tuple(found)


def _gather(
    rows: Iterable[Mapping[str, Value]], evidence: Iterable[Mapping[str, Value]], ends: set[str], language: str
) -> list[Fact]:
    said = {row["s"]: row for row in evidence}
    grouped: defaultdict[Value, list[Mapping[str, Value]]] = defaultdict(list)
    for row in rows:
        grouped[row["s"]].append(row)
    facts = []
    for statement, its in grouped.items():
        values = {_last(str(row["p"])): row["o"] for row in its}
        details = [
            _property(row, language)
            for row in its
            if str(row["p"]) not in ends and _last(str(row["p"])) not in _NOT_DETAILS
        ]
        source = said.get(statement, {})
        facts.append(
            Fact(
                iri=str(statement),
                other=str(its[0]["other"]),
                other_name=str(its[0]["name"] or short_name(str(its[0]["other"]))),
                year=values.get("year"),
                details=tuple(_leave_out_repeated(details)),
                place=_place({**source, **{key: values.get(key) for key in _PLACE}}),
            )
        )
    return facts


def _leave_out_repeated(details: Iterable[Property]) -> list[Property]:
    """Without the words of a report that are the very name of a thing that is there too."""
    found = list(dict.fromkeys(details))
    named = {each.words for each in found if each.iri}
    return [each for each in found if each.iri or each.words not in named]


def _tabulate(rows: Iterable[Mapping[str, Value]]) -> tuple[Figures, ...]:
    found: dict[tuple[str, str], defaultdict[Value, list[tuple[Value, str]]]] = {}
    for row in rows:
        years = found.setdefault((str(row["indicator"]), str(row["unit"] or "")), defaultdict(list))
        if all(value != row["value"] for value, _ in years[row["year"]]):
            years[row["year"]].append((row["value"], str(row["s"])))
    return tuple(
        Figures(indicator, unit, {year: tuple(values) for year, values in years.items()})
        for (indicator, unit), years in found.items()
    )


# ---- for programs


def write_description(iri: str, page: int = 1) -> str:
    """A query that describes an IRI: what it says of itself, the facts about it with their words, names of the others."""
    page = max(1, min(page, MOST_PAGES))
    node = f"<{iri}>"
    properties = [end for _, _, end, _ in _ends().values()]
    ends = " ".join(f"<{end}>" for end in (*properties, *(f"{ONTOLOGY}#{name}" for name in ("about", "linkedEntity"))))
    picked = f"""{{ SELECT DISTINCT ?fact {{ VALUES ?end {{ {ends} }} ?fact ?end {node} }}
      ORDER BY ?fact LIMIT {DESCRIBED} OFFSET {(page - 1) * DESCRIBED} }}"""
    return f"""CONSTRUCT {{
      {node} ?p ?o . ?fact ?q ?v . ?v skos:prefLabel ?name . ?fact zj:evidence ?e . ?e oa:hasSelector ?w . ?w oa:exact ?words
    }} WHERE {{
      {{ {node} ?p ?o FILTER(?p != zj:searchText) }} UNION {{ GRAPH ?g {{ {node} ?p ?o }} }}
      UNION {{ {picked} ?fact ?q ?v OPTIONAL {{ ?v skos:prefLabel ?name }} }}
      UNION {{ {picked} ?fact dcterms:source ?report .
        GRAPH ?report {{ ?fact zj:evidence ?e . ?e oa:hasSelector ?w . ?w oa:exact ?words }} }}
    }}"""


def write_lookup(iri: str, page: int = 1) -> tuple[str, str, str]:
    """Queries that tell what replaced an IRI, whether the graph says anything of it, and whether a page follows."""
    node = f"<{iri}>"
    ends = " ".join(f"<{end}>" for _, _, end, _ in _ends().values())
    return (
        f"SELECT ?new {{ {node} dcterms:isReplacedBy ?new }}",
        f"ASK {{ {{ {node} ?p ?o }} UNION {{ GRAPH ?g {{ {node} ?p ?o }} }} UNION {{ ?s ?p {node} }} }}",
        f"""SELECT ?fact {{ VALUES ?end {{ {ends} }} ?fact ?end {node} }}
        LIMIT 1 OFFSET {max(1, min(page, MOST_PAGES)) * DESCRIBED}""",
    )


# ---- words


def label_iri(iri: str, language: str) -> str:
    """The label of a class or property of the ontology, or of a vocabulary that it builds on; else its short form."""
    if iri.startswith(f"{ONTOLOGY}#"):
        return load_schema().label(_last(iri), language)
    return say_in(language, f"term.{_short(iri)}", _short(iri))


def short_name(iri: str) -> str:
    """The last part of an IRI."""
    return unquote(_last(iri)) or iri


def _last(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _short(iri: str) -> str:
    """skos:broader for its IRI."""
    for prefix, start in PREFIXES.items():
        if iri.startswith(start) and iri != start:
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri


def _name(
    rows: Iterable[Mapping[str, Value]],
    own: Iterable[Mapping[str, Value]],
    types: Iterable[Mapping[str, Value]],
    language: str,
) -> str:
    """What a thing is called in the language, else over all reports, else in any, else by what it says."""
    return (
        next((str(row["o"]) for row in rows if row["p"] in _NAMES and row["language"] == language), "")
        or next((str(row["o"]) for row in own if row["p"] in _NAMES), "")
        or next((str(row["o"]) for row in rows if row["p"] in _NAMES), "")
        or _name_fact(rows, types, language)
    )


def _name_fact(rows: Iterable[Mapping[str, Value]], types: Iterable[Mapping[str, Value]], language: str) -> str:
    """What a statement says: both its ends and their relation, or a figure's subject and indicator."""
    schema = load_schema()
    labels = {str(row["p"]): str(row["label"] or row["o"]) for row in rows}
    for relation in schema.relations.values():
        if any(row["o"] == relation.term.iri for row in types) and {relation.source, relation.target} <= set(labels):
            words = schema.label(relation.predicate, language)
            return f"{labels[relation.source]} · {words} · {labels[relation.target]}"
    about, what = labels.get(f"{ONTOLOGY}#about"), labels.get(f"{ONTOLOGY}#indicator")
    return f"{about} · {what}" if about and what else ""


def _property(row: Mapping[str, Value], language: str) -> Property:
    value = str(row["o"])
    thing = bool(row["thing"])
    words = str(row["label"] or "") or (label_iri(value, language) if thing else value)
    if thing and words.startswith("id:"):
        words = short_name(value)
    return Property(label_iri(str(row["p"]), language), words, value if thing else "")


def _place(row: Mapping[str, Value]) -> Place:
    report = str(row.get("report") or "")
    return Place(
        report=report,
        title=str(row.get("title") or "") or (short_name(report) if report else ""),
        words=str(row.get("words") or ""),
        section=str(row.get("section") or ""),
        page=row.get("page"),
        table=row.get("table"),
        row=row.get("row"),
        caption=str(row.get("caption") or ""),
    )


def _link(row: Mapping[str, Value]) -> tuple[Property, Place]:
    return Property(str(row["way"]), f"{row['code']} {row['name']}", str(row["concept"])), _place(row)


def is_ours(iri: str) -> bool:
    """Whether this server has a page for an IRI."""
    return iri.startswith(DATA)
