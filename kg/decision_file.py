"""``<home>/identity/decisions.yaml``: read, checked, added to, taken from; and the statement files as it leaves them.

The file belongs to people. A decision is added at its end and taken out by its lines, so that everything else in it,
comments and order included, stays byte for byte. Nothing is written unless the file that would come of it can be read.
docs/decisions.md describes its form.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.error import YAMLError

from kg.decisions import (
    OF_FIGURE,
    OF_STATEMENT,
    Add,
    Apart,
    Correct,
    Decision,
    Decisions,
    EntityRef,
    Merge,
    Reject,
    Rename,
    Retype,
    Split,
    find_idle,
    mint_by_hand,
)
from kg.errors import BrokenDecisions, KgError, UsageError
from kg.schema import load_schema
from kg.statement_files import IRI, StatementFile, check_qualifier, list_statement_files, read_statement_file
from kg.whole_files import write_aside

HEADER = """\
# 关于实体和事实的人工决定：合并、分开、更名、改类型、拆分，以及驳回、更正、补录事实。
# 可以手工编辑；格式见 docs/decisions.md。改后运行 kg identity apply 使之生效。
# Decisions of people about entities and facts. Edit at will, then run: kg identity apply
"""
_REF = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<iri>[^<>\s]+)>")
_NEW = re.compile(r"(?P<name>[^<>]+?)\s*\((?P<type>[A-Za-z]+)\)")
_ABOUT = ("id", "reason", "by", "date")


def decisions_path(home: Path) -> Path:
    """Where the decisions of a home lie."""
    return home / "identity" / "decisions.yaml"


def load_decisions(home: Path) -> Decisions:
    """The decisions of a home; none where the file is not there.

    Raises BrokenDecisions with the file, the line and the cause.
    """
    path = decisions_path(home)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Decisions()
    except (OSError, UnicodeDecodeError) as error:
        cause = "not text in UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
        raise BrokenDecisions(f"{path}: {cause}") from None
    return parse_decisions(text, str(path))


def read_decided_files(home: Path, reports: Path | None = None) -> Iterator[StatementFile]:
    """The statement files of a home as its decisions leave them, in order; at the end the facts added by hand. ``reports`` is
    a home whose statement files are taken instead.

    The one way in which the graph and exports read statement files. Raises BrokenStatementFile and BrokenDecisions.
    """
    decisions = load_decisions(home)
    known = []
    for path in list_statement_files(reports or home):
        file = read_statement_file(path)
        known.append(file.report.report)
        yield decisions.apply(file)
    if by_hand := decisions.by_hand(decisions_path(home), known):
        yield by_hand


def list_idle(home: Path) -> list[str]:
    """A line for each decision that changes nothing (any more), since no report has what it speaks of."""
    decisions = load_decisions(home)
    if not decisions.items:
        return []
    idle = find_idle(decisions, map(read_statement_file, list_statement_files(home)))
    return [
        f"decision {item.number} ({item.reason}): no report has what it speaks of; see kg identity list, or take it "
        f"back: kg identity undo {item.number}"
        for item in idle
    ]


def add_decision(home: Path, entry: Mapping[str, Any]) -> int:
    """Writes a decision at the end of the file and returns its id. ``entry`` has the keys of the file but ``id``.

    Raises UsageError, and leaves the file as it was, where it is of no right form or does not go with those that are
    there; BrokenDecisions where the file is wrong already.
    """
    path = decisions_path(home)
    text = _read(path) or HEADER
    number = max((item.number for item in parse_decisions(text, str(path)).items), default=0) + 1
    if not text.endswith("\n"):
        text += "\n"
    try:
        _write(path, f"{text}\n{_write_entry({'id': number, **entry})}")
    except BrokenDecisions as error:
        cause = re.sub(rf"^line \d+: (decision {number}: )?", "", str(error).removeprefix(f"{path}: "))
        raise UsageError(f"decision {number} cannot be made: {cause}") from None
    return number


def remove_decision(home: Path, number: int) -> Decision:
    """Takes a decision out of the file, and nothing else; returns it.

    Raises UsageError where there is none of this id, BrokenDecisions where others cannot stand without it.
    """
    path = decisions_path(home)
    text = _read(path)
    items = parse_decisions(text, str(path)).items if text else ()
    found = next((item for item in items if item.number == number), None)
    if found is None:
        there = ", ".join(str(item.number) for item in items) or "none"
        raise UsageError(f"{path}: there is no decision {number}; there are: {there}")
    lines = text.splitlines(keepends=True)
    begin = found.line - 1
    if not re.match(r"\s*- ", lines[begin]):
        raise UsageError(f"{path}: line {found.line}: decision {number} does not begin a line; take it out by hand")
    indent = len(lines[begin]) - len(lines[begin].lstrip())
    end = begin + 1
    last = end
    while end < len(lines):
        line = lines[end]
        inside = len(line) - len(line.lstrip()) > indent
        if line.strip() and not inside:
            break
        end += 1
        if line.strip():
            last = end
    if begin and not lines[begin - 1].strip():
        begin -= 1  # the blank line that was written with it
    _write(path, "".join(lines[:begin] + lines[last:]))
    return found


def parse_decisions(text: str, place: str) -> Decisions:
    """The decisions that a text in the form of the file holds. Raises BrokenDecisions; ``place`` names the text."""
    try:
        rows = YAML(typ="rt", pure=True).load(io.StringIO(text))
    except (YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark is not None else ""
        cause = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise BrokenDecisions(f"{place}: {where}not YAML: {cause}") from None
    if rows is None:
        return Decisions((), place)
    if not isinstance(rows, CommentedSeq):
        raise BrokenDecisions(f"{place}: line 1: must be a list, each decision beginning with '- id: …'")
    lines = [rows.lc.item(at)[0] + 1 for at in range(len(rows))]
    return Decisions([_Entry(row, line, place).read() for row, line in zip(rows, lines, strict=True)], place)


class _Entry:
    """One decision of the file while it is read."""

    def __init__(self, row: Any, line: int, place: str) -> None:
        self.row = row
        self.line = line
        self.place = place

    def read(self) -> Decision:
        row = self.row
        if not isinstance(row, dict):
            self.fail("must have keys: id, what is decided, reason")
        kinds: dict[str, tuple[tuple[str, ...], Callable[[dict[str, Any]], Decision]]] = {
            "merge": ((), lambda about: Merge(**about, entities=self.refs("merge"))),
            "apart": ((), lambda about: Apart(**about, entities=self.refs("apart"))),
            "rename": (
                ("to",),
                lambda about: Rename(**about, entity=self.ref(row["rename"]), to=self.text("to", True)),
            ),
            "retype": (("to",), lambda about: Retype(**about, entity=self.ref(row["retype"]), to=self.type("to"))),
            "split": (("names", "report", "to", "type"), self.split),
            "reject": (("about",), lambda about: Reject(**about, fact=self.fact("reject"), about=self.text("about"))),
            "correct": (("about", "set"), self.correct),
            "add": (("report", "source"), self.add),
        }
        found = [kind for kind in kinds if kind in row]
        if len(found) != 1:
            self.fail(f"must have exactly one of {', '.join(kinds)}")
        others, make = kinds[found[0]]
        self.only(row, (*_ABOUT, found[0], *others))
        number = row.get("id")
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            self.fail(f"id must be a number from 1, not {number!r}")
        about: dict[str, Any] = {"number": number, "line": self.line, "reason": self.text("reason", True)}
        return make(about | {"by": self.text("by"), "date": self.text("date")})

    def split(self, about: dict[str, Any]) -> Split:
        names = self.row.get("names") or []
        if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
            self.fail("names must be a list of names")
        report = self.text("report")
        if not names and not report:
            self.fail("split needs names, a report, or both: which part is another thing?")
        kind = self.type("type") if self.row.get("type") else ""
        entity = self.ref(self.row["split"])
        return Split(**about, entity=entity, names=tuple(names), report=report, to=self.text("to"), type=kind)

    def correct(self, about: dict[str, Any]) -> Correct:
        row = self.row.get("set")
        if not isinstance(row, dict) or not row:
            self.fail("correct needs set: with what the fact should say")
        self.only(row, tuple(dict.fromkeys(OF_STATEMENT + OF_FIGURE)))
        named = tuple(self.ref(row[key]) for key in ("subject", "object") if key in row)
        changes: dict[str, Any] = {key: self.ref(row[key]).iri for key in ("subject", "object") if key in row}
        if "predicate" in row:
            changes["predicate"] = self.one_of("predicate", row["predicate"], load_schema().relations)
        if "indicator" in row:
            changes["indicator"] = self.one_of("indicator", row["indicator"], load_schema().indicators)
        if "qualifiers" in row:
            changes["qualifiers"] = self.qualifiers(row["qualifiers"], may_be_absent=True)
        of_figure = [key for key in OF_FIGURE if key in row and key not in OF_STATEMENT]
        if of_figure and (set(OF_STATEMENT) - set(OF_FIGURE)) & row.keys():
            self.fail(f"{', '.join(of_figure)} belong to a figure; the other keys of set to a statement")
        for key in ("value", "year"):
            if key in row:
                changes[key] = self.number(key, row[key], whole=key == "year")
        if "unit" in row:
            changes["unit"] = str(row["unit"])
        return Correct(**about, fact=self.fact("correct"), about=self.text("about"), changes=changes, named=named)

    def add(self, about: dict[str, Any]) -> Add:
        row = self.row["add"]
        if not isinstance(row, dict):
            self.fail("add needs subject, predicate and object")
        self.only(row, ("subject", "predicate", "object", "qualifiers"))
        return Add(
            **about,
            subject=self.ref(row.get("subject"), new=True),
            predicate=self.one_of("predicate", row.get("predicate"), load_schema().relations),
            object=self.ref(row.get("object"), new=True),
            qualifiers=self.qualifiers(row.get("qualifiers") or {}),
            report=self.text("report"),
            source=self.text("source", True),
        )

    # ---- values

    def fail(self, cause: str) -> NoReturn:
        number = self.row.get("id") if isinstance(self.row, dict) else None
        which = f"decision {number}: " if number is not None else ""
        raise BrokenDecisions(f"{self.place}: line {self.line}: {which}{' '.join(cause.split())[:300]}")

    def only(self, row: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        for key in row:
            if key not in keys:
                self.fail(f"there is no key {key!r} here; there are: {', '.join(keys)}")

    def text(self, key: str, needed: bool = False) -> str:
        value = self.row.get(key)
        if isinstance(value, datetime.date):
            value = value.isoformat()
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.fail(f"{key} must be text, not {value!r}")
        if needed and not value.strip():
            self.fail(f"{key} is missing or empty")
        return str(value).strip()

    def number(self, key: str, value: Any, *, whole: bool) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            self.fail(f"{key} must be a {'whole ' if whole else ''}number, not {value!r}")
        return float(value) if isinstance(value, float) else int(value)

    def one_of(self, key: str, value: Any, allowed: Mapping[str, Any]) -> str:
        if value not in allowed:
            self.fail(f"{key} {value!r} is none of {', '.join(sorted(allowed))}")
        return str(value)

    def type(self, key: str) -> str:
        return self.one_of(key, self.row.get(key), load_schema().types)

    def fact(self, key: str) -> str:
        value = self.row.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            self.fail(f'{key}: write the id in quotation marks: "{value}"')
        if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9._~-]+", value):
            self.fail(f"{key} must be the id of a fact, not {value!r}")
        return value

    def ref(self, value: Any, *, new: bool = False) -> EntityRef:
        """``名称 <IRI>``; where ``new``, also ``名称 (Enterprise)`` for what the graph does not have yet."""
        text = str(value).strip() if isinstance(value, str) else ""
        found = _REF.fullmatch(text)
        coined = _NEW.fullmatch(text) if new else None
        if found is None and coined is None:
            form = "名称 <IRI>" + (" or 名称 (Type)" if new else "")
            self.fail(f"an entity is written as {form}, not {value!r}")
        if found is None and coined is not None:
            kind = self.one_of("type", coined["type"], load_schema().types)
            return EntityRef(mint_by_hand(kind, coined["name"]), coined["name"])
        assert found is not None
        if not IRI.fullmatch(found["iri"]):
            self.fail(f"{found['iri']!r} is not an IRI that the graph can hold")
        return EntityRef(found["iri"], found["name"])

    def refs(self, key: str) -> tuple[EntityRef, ...]:
        values = self.row[key]
        if not isinstance(values, list) or len(values) < 2:
            self.fail(f"{key} needs a list of two entities or more")
        refs = tuple(self.ref(value) for value in values)
        if len({ref.iri for ref in refs}) < len(refs):
            self.fail(f"{key} names one entity twice")
        return refs

    def qualifiers(self, values: Any, *, may_be_absent: bool = False) -> dict[str, Any]:
        if not isinstance(values, dict):
            self.fail("qualifiers must have keys and values")
        plain = {key: _plain(value) for key, value in values.items()}
        for key, value in plain.items():
            if value is None and may_be_absent and key in load_schema().qualifiers:
                continue
            if wrong := check_qualifier(key, value, load_schema()):
                self.fail(wrong)
        return plain


def _plain(value: Any) -> Any:
    """A value without the marks by which the YAML reader remembers where it stood."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    for kind in (str, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise BrokenDecisions(f"{path}: not text in UTF-8") from None
    except OSError as error:
        raise KgError(f"{path}: {error.strerror or error}") from None


def _write(path: Path, text: str) -> None:
    parse_decisions(text, str(path))  # nothing is written that could not be read again
    with write_aside(path) as out:
        out.write(text.encode("utf-8"))


def _write_entry(entry: Mapping[str, Any]) -> str:
    yaml = YAML(typ="rt", pure=True)
    yaml.width = 10_000  # a line for each value: a diff shows what changed
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump([dict(entry)], out)
    return "".join(line[2:] if line.startswith("  ") else line for line in out.getvalue().splitlines(keepends=True))
