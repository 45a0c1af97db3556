"""The application: its routes, and what is wrong with a request as one line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from kg import __version__
from kg.errors import KgError
from kg.server import api, pages, protocol
from kg.server.answers import find_status, write_problem
from kg.server.guard import Guard
from kg.server.negotiation import HTML
from kg.server.settings import Settings
from kg.strangers import QueryPool


def make_app(settings: Settings, pool: QueryPool) -> ASGIApp:
    """The application on the graph of a home; the processes of the pool run while it does."""

    @asynccontextmanager
    async def run(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            yield

    app = FastAPI(
        title="职业教育质量报告知识图谱",
        summary="A knowledge graph of vocational schools, programmes and partners",
        version=__version__,
        lifespan=run,
        docs_url=None,  # these pages load their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_exception_handler(KgError, _tell_error)
    app.add_exception_handler(ClientDisconnect, _tell_nobody)
    app.add_exception_handler(Exception, _tell_failure)

    app.include_router(protocol.make_router(pool, pages.make_query_page(settings, pool)))
    app.include_router(api.make_router(settings, pool))
    app.include_router(pages.make_router(settings, pool))
    app.mount("/static", StaticFiles(packages=[("kg.server", "static"), ("kg", "page")]))
    if settings.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.origins, allow_methods=["GET", "POST"], allow_headers=["*"]
        )
    return Guard(app, settings.hosts)


async def _tell_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code == 405:
        headers["allow"] = protocol.METHODS if request.url.path.startswith("/sparql") else "GET, HEAD"
    if error.status_code == 404 and _is_for_people(request):
        return pages.render_missing(request)
    return write_problem(error.status_code, str(error.detail), _is_for_programs(request), headers)


async def _tell_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    return write_problem(400, f"{'.'.join(map(str, first['loc'][1:]))}: {first['msg']}", _is_for_programs(request))


async def _tell_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, KgError)
    if _is_for_people(request):
        return pages.render_problem(request, find_status(error), str(error))
    return write_problem(find_status(error), str(error), _is_for_programs(request))


async def _tell_failure(request: Request, error: Exception) -> Response:
    return write_problem(500, "the server made a mistake; its log says which", _is_for_programs(request))


async def _tell_nobody(request: Request, error: Exception) -> Response:
    return Response(status_code=499)


def _is_for_programs(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _is_for_people(request: Request) -> bool:
    return HTML in request.headers.get("accept", "") and not _is_for_programs(request)
