"""``/sparql``: the query operation of the SPARQL 1.1 Protocol, and the description of the service.

https://www.w3.org/TR/sparql11-protocol/, https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.errors import KgError, RefusedQuery, WrongForm
from kg.server.answers import find_status, stream_document, while_connected, write_content_type, write_problem
from kg.server.guard import read_body
from kg.server.negotiation import TABLES, TRIPLES, choose_forms, prefers_page
from kg.strangers import QueryPool
from kg.strangers import Request as Asked

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
METHODS = "GET, HEAD, POST, OPTIONS"
MOST_FIELDS = 1000
READ_ONLY = "this graph is only read: updates are refused"
Fields = dict[str, list[str]]

_PARAMETERS = [
    ("query", "SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE", False),
    ("default-graph-uri", "a named graph of this server to be the default graph", True),
    ("named-graph-uri", "a named graph of this server that GRAPH may look into", True),
    ("format", "json, xml, csv, tsv, ttl, nt, jsonld or rdf, in the place of the Accept header", False),
]
_ANSWERS: dict[str, Any] = {
    "200": {
        "description": "The answer; without a query the description of the service.",
        "content": {names[0]: {} for names in (*TABLES.values(), *TRIPLES.values())} | {"text/html": {}},
    },
    **{
        status: {"description": about, "content": {"text/plain": {"schema": {"type": "string"}}}}
        for status, about in (
            ("400", "Not SPARQL, or more than reading this graph."),
            ("406", "The answer has no format that is accepted."),
            ("503", "The server is busy, or the answer is too large."),
            ("504", "The query took too long."),
        )
    },
}
_SENT: dict[str, Any] = {
    status: {"description": about, "content": {"text/plain": {"schema": {"type": "string"}}}}
    for status, about in (
        ("403", "An update."),
        ("408", "The body came too slowly."),
        ("413", "The body is too large."),
        ("415", "The body is of another kind."),
    )
}


def _describe(name: str, about: str, many: bool) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": "array", "items": {"type": "string"}} if many else {"type": "string"}
    return {"name": name, "in": "query", "required": False, "description": about, "schema": kind}


_GET = {"parameters": [_describe(*each) for each in _PARAMETERS], "responses": _ANSWERS}
_POST = {
    "parameters": [_describe(*each) for each in _PARAMETERS[1:]],
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {name: _describe(name, about, many)["schema"] for name, about, many in _PARAMETERS},
                }
            },
            QUERY: {"schema": {"type": "string"}},
        },
    },
    "responses": _ANSWERS | _SENT,
}


def make_router(pool: QueryPool, show_page: Callable[[Request], Awaitable[Response]]) -> APIRouter:
    """The routes of the endpoint; ``show_page`` answers a browser."""
    router = APIRouter()

    async def get(request: Request) -> Response:
        return await _guard(request, _answer_get(request, pool, show_page))

    async def post(request: Request) -> Response:
        return await _guard(request, _answer_post(request, pool))

    async def options() -> Response:
        return Response(status_code=204, headers={"allow": METHODS})

    for path, shown in (("/sparql", True), ("/sparql/", False)):
        extra = {"include_in_schema": shown, "tags": ["sparql"]}
        router.add_api_route(path, get, methods=["GET"], openapi_extra=_GET, summary="Query", **extra)  # type: ignore[arg-type]
        router.add_api_route(path, post, methods=["POST"], openapi_extra=_POST, summary="Query", **extra)  # type: ignore[arg-type]
        router.add_api_route(path, get, methods=["HEAD"], include_in_schema=False)
        router.add_api_route(path, options, methods=["OPTIONS"], include_in_schema=False)
    return router


async def _guard(request: Request, answer: Awaitable[Response]) -> Response:
    try:
        response = await answer
    except KgError as error:
        response = write_problem(find_status(error), str(error))
    response.headers["vary"] = "Accept"
    return response


async def _answer_get(
    request: Request, pool: QueryPool, show_page: Callable[[Request], Awaitable[Response]]
) -> Response:
    fields = read_fields(request.url.query)
    accept = ", ".join(request.headers.getlist("accept"))
    if "update" in fields:
        raise RefusedQuery(f"{READ_ONLY}, and never come by GET")
    if prefers_page(accept) and "format" not in fields:
        return await show_page(request)
    if "query" not in fields:
        return await _describe_service(request, pool, fields, accept)
    return await _answer_query(request, pool, fields, accept)


async def _answer_post(request: Request, pool: QueryPool) -> Response:
    fields = read_fields(request.url.query)
    kind, charset = _read_content_type(request.headers.get("content-type", ""))
    if kind == UPDATE:
        return write_problem(403, READ_ONLY)
    if kind not in (FORM, QUERY):
        named = f"{kind[:60]!a}" if kind else "a body without a Content-Type"
        return write_problem(
            415, f"{named} is not taken; send {QUERY} or {FORM}", headers={"accept-post": f"{QUERY}, {FORM}"}
        )
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        return write_problem(415, f"the charset {charset[:40]!a} is not taken; send UTF-8")
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        return write_problem(
            415, "a packed body is not taken; send it as it is", headers={"accept-encoding": "identity"}
        )
    body = await read_body(request)
    try:
        text = body.decode("utf-8-sig" if kind == QUERY else "utf-8")
    except UnicodeDecodeError:
        raise RefusedQuery("the query is not text in UTF-8") from None
    if kind == QUERY:
        if "query" in fields:
            raise RefusedQuery("there are several queries: one in the address, one in the body")
        fields["query"] = [text]
    else:
        for name, values in read_fields(text).items():
            fields.setdefault(name, []).extend(values)
        if "update" in fields:
            return write_problem(403, READ_ONLY)
    return await _answer_query(request, pool, fields, ", ".join(request.headers.getlist("accept")))


def read_fields(encoded: str) -> Fields:
    """The fields of an address or a form. Raises RefusedQuery where they are not UTF-8 or too many."""
    fields: Fields = {}
    try:
        encoded.encode("ascii")
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except UnicodeEncodeError:
        raise RefusedQuery("the fields are not form-encoded") from None
    except UnicodeDecodeError:
        raise RefusedQuery("the fields are not text in UTF-8") from None
    except ValueError:
        raise RefusedQuery(f"there are more than {MOST_FIELDS} fields") from None
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _read_content_type(header: str) -> tuple[str, str]:
    kind, *parameters = header.lower().split(";")
    charset = next((each.partition("=")[2] for each in parameters if each.strip().startswith("charset=")), "")
    return kind.strip(), charset.strip().strip('"')


async def _answer_query(request: Request, pool: QueryPool, fields: Fields, accept: str) -> Response:
    queries = fields.get("query", [])
    if len(queries) != 1:
        cause = f"there are {len(queries)} queries" if queries else "there is no query"
        raise RefusedQuery(f"{cause}: a request carries exactly one, as the field 'query' or as the body")
    tables, triples = choose_forms(accept, fields.get("format", ()))
    if not tables and not triples:
        raise WrongForm(f"the answer has no format that {accept[:100]!a} accepts")
    asked = Asked(
        (queries[0],),
        table=next(iter(tables), ""),
        triples=next(iter(triples), ""),
        default=tuple(fields.get("default-graph-uri", ())),
        named=tuple(fields.get("named-graph-uri", ())),
    )
    answer = await while_connected(request, pool.ask(asked))
    kind = next(kind for form, kind in (*tables.items(), *triples.items()) if form == answer.form)
    headers = {"content-type": write_content_type(kind)}
    if fields.get("download"):
        headers["content-disposition"] = f'attachment; filename="answer.{answer.form}"'
    return stream_document(answer.body, answer.size, headers)


# ---- the description of the service

_DESCRIPTION = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX formats: <http://www.w3.org/ns/formats/>
CONSTRUCT {
  <URL> a sd:Service ; sd:endpoint <URL> ; sd:supportedLanguage sd:SPARQL11Query ;
    sd:resultFormat formats:SPARQL_Results_JSON, formats:SPARQL_Results_XML, formats:SPARQL_Results_CSV,
      formats:SPARQL_Results_TSV, formats:Turtle, formats:N-Triples, formats:JSON-LD, formats:RDF_XML ;
    sd:defaultDataset <URL#dataset> .
  <URL#dataset> a sd:Dataset ; sd:defaultGraph <URL#facts> ; sd:namedGraph ?listed ;
    dcterms:title "职业教育质量报告知识图谱"@zh, "Knowledge graph of vocational education quality reports"@en .
  <URL#facts> a sd:Graph .
  ?listed a sd:NamedGraph ; sd:name ?report ; dcterms:title ?title .
}
WHERE {
  OPTIONAL {
    { SELECT ?report { ?report a zj:Report } LIMIT 1000 }
    OPTIONAL { ?report dcterms:title ?title }
    BIND(IRI(CONCAT(STR(?report), "#graph")) AS ?listed)
  }
}
"""


async def _describe_service(request: Request, pool: QueryPool, fields: Fields, accept: str) -> Response:
    # Nobody who asks for no table can be told about the service in one: */* is answered in Turtle.
    _, triples = choose_forms(accept, fields.get("format", ()))
    if not triples:
        raise WrongForm(
            "there is no query; the description of this service is written as Turtle, N-Triples, JSON-LD or RDF/XML"
        )
    ((form, kind),) = triples.items()
    # The guard has seen to it that the name of the host is one.
    url = f"{request.url.scheme}://{request.headers['host']}/sparql"
    asked = Asked((_DESCRIPTION.replace("URL", url),), triples=form.value, trusted=True)
    answer = await while_connected(request, pool.ask(asked))
    return stream_document(answer.body, answer.size, {"content-type": write_content_type(kind)})
