"""Runs a query that somebody else wrote: checked by its parse tree, in a process that can be killed.

Only SELECT, ASK, CONSTRUCT and DESCRIBE get through; SERVICE and FROM, which would reach other graphs, files or the
network, are refused. rdflib reads the query, Oxigraph runs it, so both must read the same: what only one of them
takes for a line break or an escape never reaches either.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kg
from kg import errors
from kg.errors import KgError, RefusedQuery, StoppedQuery
from kg.rows import Rows

SECONDS = 60.0
MEMORY = 4 * 1024**3  # bytes of address space, where the system can hold a process to it
LONGEST = 100_000  # characters of a query
MOST_ROWS = 1_000_000
_FORMS = {"SelectQuery", "AskQuery", "ConstructQuery", "DescribeQuery"}


def run_text(home: Path, text: str, seconds: float = SECONDS) -> Rows:
    """The answer to a stranger's query.

    Raises RefusedQuery where it does more than read this graph or is not SPARQL, StoppedQuery where it takes longer
    than ``seconds`` or too much memory, MissingStore where there is no graph.
    """
    command = [sys.executable, "-P", "-m", "kg.strangers"]
    here = str(Path(kg.__file__).resolve().parent.parent)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH")))),
        "PYTHONIOENCODING": "utf-8",
    }
    request = json.dumps({"home": str(home.absolute()), "text": text})
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        try:
            answer, _ = process.communicate(request.encode("utf-8"), timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise StoppedQuery(f"the query was stopped: it took longer than {seconds:g} seconds") from None
        except BaseException:
            process.kill()
            raise
    try:
        result = json.loads(answer)
    except ValueError:
        cause = "it took more memory than it may" if process.returncode < 0 else "its process failed"
        raise StoppedQuery(f"the query was stopped: {cause}") from None
    if "error" in result:
        raise getattr(errors, result["error"])(result["message"])
    return Rows(tuple(result["columns"]), tuple(tuple(row) for row in result["rows"]))


def check_text(text: str) -> str:
    """The text as it may be run. Raises RefusedQuery with the reason where it may not."""
    # heavy, and only a stranger's query needs it
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    if not text.strip():
        raise RefusedQuery("the query is empty")
    if len(text) > LONGEST:
        raise RefusedQuery(f"the query is longer than {LONGEST} characters")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedQuery("the query is not text in UTF-8") from None
    if "\\u" in text or "\\U" in text:
        raise RefusedQuery("write the characters themselves instead of \\u escapes")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        _, query = parseQuery(text)
    except ParseBaseException as error:
        word = _first_word_of_update(text)
        if word:
            raise RefusedQuery(
                f"{word}: queries only read the graph; SELECT, ASK, CONSTRUCT and DESCRIBE are run"
            ) from None
        raise RefusedQuery(f"not a SPARQL query: line {error.lineno}, column {error.column}") from None
    except RecursionError:
        raise RefusedQuery("the query is nested too deeply") from None
    except ValueError as error:
        raise RefusedQuery(f"not a SPARQL query: {error}") from None
    if query.name not in _FORMS:
        raise RefusedQuery(f"{query.name}: only SELECT, ASK, CONSTRUCT and DESCRIBE are run")
    for node in _walk(query):
        name = getattr(node, "name", "")
        if name == "ServiceGraphPattern":
            raise RefusedQuery("SERVICE is refused: a query asks this graph and no other server")
        if name == "DatasetClause":
            raise RefusedQuery("FROM is refused: a query asks this graph; for one report use GRAPH <its IRI> { … }")
    return text


def _walk(node: Any) -> Iterator[Any]:
    """All nodes of a parse tree. Not recursive: the depth is a stranger's choice."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, dict):
            waiting.extend(node.values())
        elif isinstance(node, list | tuple) or hasattr(node, "as_list"):
            waiting.extend(node)


def _first_word_of_update(text: str) -> str:
    """INSERT, LOAD, DROP … where the text is an update; "" where it is nothing that SPARQL knows."""
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseUpdate

    try:
        updates = parseUpdate(text).request or ()  # an update of nothing but comments has none
    except (ParseBaseException, RecursionError, ValueError):
        return ""
    names = {"InsertData": "INSERT", "DeleteData": "DELETE", "DeleteWhere": "DELETE", "Modify": "DELETE/INSERT"}
    return next((names.get(update.name, update.name.upper()) for update in updates), "")


def _answer(request: dict[str, str]) -> dict[str, Any]:
    from kg.store import open_graph

    try:
        text = check_text(request["text"])
        with open_graph(Path(request["home"])) as graph:
            rows = graph.query(text)
        if len(rows.rows) > MOST_ROWS:
            raise StoppedQuery(f"the query was stopped: more than {MOST_ROWS} rows")
    except KgError as error:
        return {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        return {"error": "StoppedQuery", "message": "the query was stopped: it took more memory than it may"}
    except RecursionError:
        return {"error": "RefusedQuery", "message": "the query is nested too deeply"}
    return {"columns": rows.columns, "rows": rows.rows}


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit_memory()
    sys.stdout.buffer.write(json.dumps(_answer(json.load(sys.stdin.buffer))).encode("ascii"))
