"""The pages for people: start, search, query, entities, downloads. Everything out of a report is text, never markup."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from kg import __version__
from kg.errors import KgError, MissingStore
from kg.graph import AnswerForm
from kg.ontology_page import WRITERS, ontology_page
from kg.queries import TOPICS, Query, find_query, load_queries
from kg.schema import DATA, ONTOLOGY, PREFIXES, load_schema
from kg.server.answers import stream_document, while_connected, write_content_type, write_problem
from kg.server.api import LONGEST_NAME, search_names
from kg.server.downloads import FILES, KINDS, Exports, describe_file
from kg.server.entities import Replaced, Thing, is_iri, read_thing, write_description, write_lookup
from kg.server.library import bind_values, find_headings, list_choices
from kg.server.negotiation import HTML, TRIPLES, choose_type
from kg.server.protocol import read_fields
from kg.server.settings import Settings
from kg.server.start import StartData, write_words
from kg.server.words import LANGUAGES, say_in, say_relation, say_type
from kg.start_page import SCRIPT_FILES
from kg.strangers import QueryPool
from kg.strangers import Request as Asked

FOUND = 50
# The phrases that the script of the query page puts in.
_SCRIPT_WORDS = ("running", "stopped", "rows", "triples", "yes", "no", "nothing", "more", "sort", "failed")
_PICTURE = "network.html"
_ENDINGS = {
    ".ttl": AnswerForm.TURTLE,
    ".nt": AnswerForm.NTRIPLES,
    ".jsonld": AnswerForm.JSONLD,
    ".rdf": AnswerForm.RDFXML,
}
_ONTOLOGY_HEADERS = {
    "vary": "Accept, Cookie",
    # The page brings its own styles, and nothing that runs.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
}


@cache
def _load_templates() -> Environment:
    return Environment(
        loader=PackageLoader("kg.server", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def choose_language(request: Request) -> str:
    """``?lang=``, else what was chosen before, else Chinese."""
    for said in (request.query_params.get("lang"), request.cookies.get("lang")):
        if said in LANGUAGES:
            return said
    return LANGUAGES[0]


def render(request: Request, name: str, status: int = 200, /, **values: Any) -> Response:
    """A page out of its template, in the language of the request."""
    language = choose_language(request)

    def say(key: str, *given: object) -> str:
        return say_in(language, key, None, *given)

    def link(iri: str) -> str:
        """The address of an IRI on this server; "" where it has no page here."""
        if iri.startswith(DATA):
            return f"/id/{iri.removeprefix(DATA)}"
        return f"/ontology#{iri.removeprefix(f'{ONTOLOGY}#')}" if iri.startswith(f"{ONTOLOGY}#") else ""

    other = next(each for each in LANGUAGES if each != language)
    switch = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    shared = {
        "say": say,
        "link": link,
        "language": language,
        "other_language": f"?{urlencode([*switch, ('lang', other)])}",
        "say_relation": lambda relation, direction: say_relation(language, relation, direction),
        "say_type": lambda name: say_type(language, name),
        "q": "",
        "version": __version__,
    }
    text = _load_templates().get_template(name).render({**shared, **values})
    response = HTMLResponse(text, status, {"vary": "Accept, Cookie", "cache-control": "no-cache"})
    if request.query_params.get("lang") == language:
        response.set_cookie("lang", language, max_age=31_536_000, samesite="lax", httponly=True)
    return response


def render_missing(request: Request) -> Response:
    return render(
        request, "message.html", 404, title="missing.title", text=say_in(choose_language(request), "missing.text")
    )


def render_problem(request: Request, status: int, text: str) -> Response:
    return render(request, "message.html", status, title="problem.title", text=text)


def make_router(settings: Settings, pool: QueryPool) -> APIRouter:
    """The routes of all pages but that of the endpoint."""
    router = APIRouter(include_in_schema=False)
    exports = Exports(settings.home)
    start_data = StartData(settings)

    async def start(request: Request) -> Response:
        picture = (settings.home / _PICTURE).is_file()
        return render(
            request,
            "start.html",
            data=await start_data.read(picture),
            words=write_words(),
            scripts=("vega.js", *SCRIPT_FILES),
            topics=_group_queries(choose_language(request)),
        )

    async def search(request: Request) -> Response:
        q = request.query_params.get("q", "").strip()[:LONGEST_NAME]
        types = [each for each in request.query_params.getlist("type") if each in load_schema().types]
        found = await asyncio.to_thread(search_names, settings, q, types, FOUND) if q else ()
        return render(
            request, "search.html", q=q, types=list(load_schema().types), chosen=types, found=found, most=FOUND
        )

    async def show_id(request: Request) -> Response:
        return await _show_id(request, pool)

    async def downloads(request: Request) -> Response:
        return render(request, "downloads.html", kinds=KINDS, picture=(settings.home / _PICTURE).is_file())

    async def download(name: str, request: Request) -> Response:
        if name not in FILES:
            return write_problem(404, "there is no such file")
        return describe_file(name) if request.method == "HEAD" else await exports.start(name)

    async def picture() -> Response:
        path = settings.home / _PICTURE
        if not path.is_file():
            raise MissingStore(f"there is no picture; make one with: kg draw --home {settings.home}")
        # The page brings its own policy, which allows its own scripts by their hashes and nothing else.
        return FileResponse(path, media_type=HTML, headers={"content-security-policy": "frame-ancestors 'none'"})

    async def ontology(request: Request) -> Response:
        return await _show_ontology(request)

    async def health() -> Response:
        await pool.ask_rows("ASK {}")
        return Response("ok\n", media_type="text/plain")

    routes: Mapping[str, Callable[..., Any]] = {
        "/": start,
        "/search": search,
        "/id/{path:path}": show_id,
        "/downloads": downloads,
        "/downloads/network.html": picture,
        "/downloads/{name}": download,
        "/network.html": picture,
        "/ontology": ontology,
        "/ontology.ttl": ontology,
        "/ontology.jsonld": ontology,
        "/health": health,
    }
    for path, endpoint in routes.items():
        router.add_api_route(path, endpoint, methods=["GET", "HEAD"])
    return router


# ---- the ontology


@cache
def _write_ontology(form: str, language: str) -> str:
    return ontology_page(language) if form == "html" else WRITERS[form]()


async def _show_ontology(request: Request) -> Response:
    kinds = {HTML: "html", "text/turtle": "ttl", "application/ld+json": "jsonld"}
    ending = request.url.path.rpartition(".")[2]
    named = next((kind for kind, form in kinds.items() if form == ending), "")
    kind = named or choose_type(", ".join(request.headers.getlist("accept")), list(kinds))
    if not kind:
        return write_problem(406, f"the ontology is written as {', '.join(kinds)}", headers={"vary": "Accept"})
    text = await asyncio.to_thread(_write_ontology, kinds[kind], choose_language(request))
    return Response(text, headers={**_ONTOLOGY_HEADERS, "content-type": write_content_type(kind)})


# ---- the page of an IRI


async def _show_id(request: Request, pool: QueryPool) -> Response:
    # As it was sent: the IRI of a report keeps its percent signs.
    path = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0].removeprefix("/id/")
    ending = next((each for each in _ENDINGS if path.endswith(each)), "")
    iri = DATA + re.sub("%[0-9a-f]{2}", lambda code: code[0].upper(), path.removesuffix(ending))
    if not is_iri(iri) or not path:
        return _missing(request)
    page = int(said) if (said := request.query_params.get("page", "1")).isdecimal() and len(said) < 6 else 1
    kinds = {names[0]: form for form, names in TRIPLES.items()}
    accept = ", ".join(request.headers.getlist("accept"))
    kind = choose_type(accept, [HTML, *kinds]) if not ending else TRIPLES[_ENDINGS[ending]][0]
    if not kind:
        return write_problem(406, f"this is written as {', '.join([HTML, *kinds])}", headers={"vary": "Accept"})
    if kind != HTML:
        return await _describe(request, pool, iri, kinds[kind], ending, page)
    relation, direction = request.query_params.get("relation", ""), request.query_params.get("direction", "out")
    language = choose_language(request)
    thing = await while_connected(request, read_thing(pool, iri, language, relation, direction, page))
    if thing is None:
        return _missing(request)
    if isinstance(thing, Replaced):
        return _redirect(thing.by, "")
    return render(
        request,
        "entity.html" if thing.is_entity else "thing.html",
        thing=thing,
        address=f"/id/{path}",
        years=_list_years(thing),
        alone=bool(relation),
    )


async def _describe(request: Request, pool: QueryPool, iri: str, form: AnswerForm, ending: str, page: int) -> Response:
    replaced, known, more = await while_connected(request, pool.ask_rows(*write_lookup(iri, page)))
    if replaced.rows:
        return _redirect(str(replaced.rows[0][0]), ending)
    if not known.rows[0][0]:
        return write_problem(404, f"the graph says nothing about <{iri}>", headers={"vary": "Accept"})
    asked = Asked((write_description(iri, page),), triples=form.value, trusted=True)
    answer = await while_connected(request, pool.ask(asked))
    headers = {"content-type": write_content_type(TRIPLES[form][0]), "vary": "Accept"}
    if more.rows:
        headers["link"] = f'<?page={page + 1}>; rel="next"'
    return stream_document(answer.body, answer.size, headers)


def _redirect(iri: str, ending: str) -> Response:
    if not iri.startswith(DATA):
        return write_problem(404, f"replaced by <{iri}>")
    return RedirectResponse(f"/id/{iri.removeprefix(DATA)}{ending}", 303, {"vary": "Accept"})


def _missing(request: Request) -> Response:
    if HTML in request.headers.get("accept", ""):
        return render_missing(request)
    return write_problem(404, "the graph says nothing about this IRI", headers={"vary": "Accept"})


def _list_years(thing: Thing) -> list[Any]:
    """The years of all figures, in order; None, for figures without one, comes last."""
    years = {year for figures in thing.figures for year in figures.by_year}
    return [*sorted(year for year in years if year is not None), *([None] if None in years else [])]


# ---- the query page


def _group_queries(language: str) -> list[tuple[str, list[Query]]]:
    """The library by topic, each with its heading."""
    queries = load_queries().values()
    return [
        (words[LANGUAGES.index(language)], [each for each in queries if each.topic == topic])
        for topic, words in TOPICS.items()
    ]


def make_query_page(settings: Settings, pool: QueryPool) -> Callable[[Request], Any]:
    """Answers a browser at ``/sparql``: ``?query=`` is shown and run, ``?library=`` is a query of the library."""

    async def show(request: Request) -> Response:
        language = choose_language(request)
        fields = read_fields(request.url.query)
        name = fields.get("library", [""])[-1]
        chosen = find_query(name) if name in load_queries() else None
        text, problem = fields.get("query", [""])[-1], ""
        notes: tuple[str, ...] = ()
        values = {key: given[-1] for key, given in fields.items() if key not in ("library", "query", "lang")}
        if chosen is not None:
            text, notes, problem = await _bind(pool, settings, chosen, values)
        return render(
            request,
            "query.html",
            topics=_group_queries(language),
            chosen=chosen,
            values=values,
            text=text,
            notes=notes,
            problem=problem,
            choices={each.name: list_choices(each, language) for each in chosen.parameters} if chosen else {},
            words={key: say_in(language, f"query.{key}") for key in _SCRIPT_WORDS}
            | {"headings": dict(find_headings(chosen, language)) if chosen else {}},
            run=bool(text) and not problem,
            prefixes=sorted(PREFIXES),
            seconds=f"{settings.limits.seconds:g}",
            size=settings.limits.size // 1024**2,
        )

    return show


async def _bind(
    pool: QueryPool, settings: Settings, query: Query, values: Mapping[str, str]
) -> tuple[str, tuple[str, ...], str]:
    """The finished text, its notes, and what is wrong: nothing where only required values are still to come."""
    known = {each.name for each in query.parameters}
    given = {key: value for key, value in values.items() if key in known and value.strip()}
    missing = [each for each in query.parameters if each.required and each.name not in given]
    if missing:
        return "", (), ""
    try:
        bound = await bind_values(pool, settings.home, query, given)
    except KgError as error:
        return "", (), str(error)
    lines = bound.text.splitlines(keepends=True)
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        lines.pop(0)  # the header of the file, which the page shows in its own way
    return "".join(lines), bound.notes, ""
