"""``/api``: search by name and the query library, as JSON (or CSV) for programs and for the scripts of the pages."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Collection
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, Response

from kg.errors import UsageError, WrongForm
from kg.export.cells import write_csv_rows
from kg.name_index import FoundName
from kg.queries import TOPICS, find_query, load_queries, order_lists
from kg.queries import Query as LibraryQuery
from kg.schema import DATA, load_schema
from kg.server.answers import while_connected
from kg.server.library import bind_values, find_headings
from kg.server.negotiation import choose_type
from kg.server.protocol import read_fields
from kg.server.settings import Settings
from kg.server.words import LANGUAGES
from kg.store import open_names
from kg.strangers import QueryPool

MOST_FOUND = 200
LONGEST_NAME = 200  # characters
_CSV = "text/csv"
_JSON = "application/json"
_OWN = ("format", "lang")  # fields that are no values of a query
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": about, "content": {_JSON: {"schema": {"type": "object"}}}}
    for status, about in ((400, "A wrong value."), (503, "Busy, or no graph."), (504, "It took too long."))
}
_MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such query."}}
_ANSWER: dict[str, Any] = {
    "parameters": [
        {
            "name": "format",
            "in": "query",
            "required": False,
            "description": "json or csv, in the place of the Accept header; all other fields are values of the query",
            "schema": {"type": "string", "enum": ["json", "csv"]},
        }
    ],
    "responses": {
        "200": {"description": "The rows.", "content": {_JSON: {}, _CSV: {}}},
        "406": {"description": "Neither JSON nor CSV is accepted."},
    },
}


def make_router(settings: Settings, pool: QueryPool) -> APIRouter:
    """The routes below ``/api``."""
    router = APIRouter(prefix="/api", tags=["api"])

    async def search(
        q: Annotated[
            str, Query(max_length=LONGEST_NAME, description="any part of any name, initials of pinyin, an IRI")
        ],
        type: Annotated[list[str] | None, Query(max_length=20, description="classes: School, Organisation …")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 20,
    ) -> JSONResponse:
        found = await asyncio.to_thread(search_names, settings, q, type or (), limit)
        return JSONResponse({"results": [_describe_name(each) for each in found]})

    async def list_queries() -> JSONResponse:
        return JSONResponse({"queries": [_describe_query(each) for each in load_queries().values()]})

    async def run_query(name: Annotated[str, Path(max_length=100)], request: Request) -> Response:
        query = _find(name)
        if query is None:
            return JSONResponse({"error": f"there is no query {name!a}"}, 404)
        fields = read_fields(request.url.query)
        kind = _choose_kind(request, fields.get("format", [""])[-1])
        values = {key: given[-1] for key, given in fields.items() if key not in _OWN}
        bound = await bind_values(pool, settings.home, query, values)
        (found,) = await while_connected(request, pool.ask_rows(bound.text))
        rows = order_lists(query, found)
        if kind == _CSV:
            headings = find_headings(query, fields.get("lang", ["zh"])[-1])
            file = io.BytesIO()
            write_csv_rows(map(list, ([headings.get(each, each) for each in rows.columns], *rows.rows)), file)
            return Response(file.getvalue(), media_type=_CSV, headers={"vary": "Accept"})
        answer = {"columns": rows.columns, "rows": rows.as_dicts(), "notes": bound.notes}
        return JSONResponse(answer, headers={"vary": "Accept"})

    async def write_query(name: Annotated[str, Path(max_length=100)], request: Request) -> Response:
        query = _find(name)
        if query is None:
            return JSONResponse({"error": f"there is no query {name!a}"}, 404)
        fields = read_fields(request.url.query)
        values = {key: given[-1] for key, given in fields.items() if key not in _OWN}
        bound = await bind_values(pool, settings.home, query, values)
        return JSONResponse({"sparql": bound.text, "notes": bound.notes})

    def add(path: str, endpoint: Callable[..., Any], summary: str, **more: Any) -> None:
        router.add_api_route(path, endpoint, methods=["GET"], summary=summary, **more)
        router.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)

    add("/search", search, "Entities by name, best first", responses=_PROBLEMS)
    add("/queries", list_queries, "The query library")
    add(
        "/queries/{name}",
        run_query,
        "The answer to a query of the library",
        responses=_PROBLEMS | _MISSING,
        openapi_extra=_ANSWER,
    )
    add("/queries/{name}/sparql", write_query, "The finished SPARQL of a query", responses=_PROBLEMS | _MISSING)
    return router


def search_names(settings: Settings, text: str, types: Collection[str], limit: int) -> tuple[FoundName, ...]:
    """The entities of these types with such a name. Raises UsageError for an unknown type."""
    known = {term.name for term in load_schema().classes}
    for name in types:
        if name not in known:
            raise UsageError(f"there is no type {name[:40]!a}; there are School, Enterprise, Programme and others")
    with open_names(settings.home) as names:
        return names.search(text, types, limit)


def _find(name: str) -> LibraryQuery | None:
    return find_query(name) if name in load_queries() else None


def _choose_kind(request: Request, word: str) -> str:
    if word:
        if word not in ("json", "csv"):
            raise WrongForm(f"format={word[:40]!a} is not written; there are: json, csv")
        return _JSON if word == "json" else _CSV
    accept = ", ".join(request.headers.getlist("accept"))
    kind = choose_type(accept, (_JSON, _CSV))
    if not kind:
        raise WrongForm("rows are written as application/json or text/csv, neither of which is accepted")
    return kind


def _describe_name(found: FoundName) -> dict[str, Any]:
    return {
        "iri": found.iri,
        "path": f"/id/{found.iri.removeprefix(DATA)}",
        "type": found.type,
        "label": load_schema().label(found.type),
        "name": found.name,
        "matched": found.matched,
        "others": list(found.others),
        "degree": found.degree,
    }


def _describe_query(query: LibraryQuery) -> dict[str, Any]:
    return {
        "name": query.name,
        "topic": dict(zip(LANGUAGES, TOPICS[query.topic], strict=True)),
        "title": {"zh": query.title_zh, "en": query.title_en},
        "about": {"zh": query.about_zh, "en": query.about_en},
        "parameters": [
            {
                "name": each.name,
                "type": each.type,
                "required": each.required,
                "about": {"zh": each.about_zh, "en": each.about_en},
            }
            for each in query.parameters
        ],
        "columns": {name: {"zh": zh, "en": query.columns_en[name]} for name, zh in query.columns.items()},
    }
