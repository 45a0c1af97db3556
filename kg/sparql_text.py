"""Reads the text of a SPARQL 1.1 query by its grammar, far enough to know what it would do.

Written for the texts of strangers: the time is linear in the length, the depth is bounded, and every token is one that
the recommendation knows, so that no engine can see a keyword where this reader saw a name or a string. What is looser
here than in the grammar (order of precedence, where a path may stand) is left to the engine, which refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from kg.errors import RefusedQuery

DEEPEST = 100  # brackets within brackets

_BASE_CHARS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START = f"_{_BASE_CHARS}"
_INSIDE = f"{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = f"(?:[{_START}:0-9]|{_ESCAPED})(?:(?:[{_INSIDE}.:-]|{_ESCAPED})*(?:[{_INSIDE}:-]|{_ESCAPED}))?"

# In this order: of those that match at a place, the first is the longest.
_TOKEN = re.compile(
    "|".join(
        f"(?P<{kind}>{pattern})"
        for kind, pattern in (
            ("blank", r"[ \t\r\n]+|#[^\r\n]*"),
            ("iri", r'<[^<>"{}|^`\\\x00-\x20]*>'),
            ("string", r'"""(?:"{0,2}(?:[^"\\]|\\[tbnrf"\'\\]))*"""' + r"|'''(?:'{0,2}(?:[^'\\]|\\[tbnrf\"'\\]))*'''"),
            ("line", r'"(?:[^"\\\r\n]|\\[tbnrf"\'\\])*"' + r"|'(?:[^'\\\r\n]|\\[tbnrf\"'\\])*'"),
            ("variable", rf"[?$][{_START}0-9][{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*"),
            ("node", rf"_:[{_START}0-9](?:[{_INSIDE}.-]*[{_INSIDE}-])?"),
            ("prefixed", rf"(?:[{_BASE_CHARS}](?:[{_INSIDE}.-]*[{_INSIDE}-])?)?:(?:{_LOCAL})?"),
            ("language", r"@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*"),
            ("number", r"(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+"),
            # LIMIT10 is two tokens: only the names of digests have figures in them
            ("word", r"[Mm][Dd]5|[Ss][Hh][Aa](?:1|256|384|512)|[A-Za-z][A-Za-z_]*"),
            ("sign", r"\^\^|&&|\|\||!=|<=|>=|[{}()\[\];,.|/^?*+!=<>-]"),
        )
    )
)
_ESCAPE = re.compile(r"(\\*)\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})")
_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
_FUNCTIONS = frozenset(
    [
        "STR",
        "LANG",
        "LANGMATCHES",
        "DATATYPE",
        "BOUND",
        "IRI",
        "URI",
        "BNODE",
        "RAND",
        "ABS",
        "CEIL",
        "FLOOR",
        "ROUND",
        "CONCAT",
        "STRLEN",
        "UCASE",
        "LCASE",
        "ENCODE_FOR_URI",
        "CONTAINS",
        "STRSTARTS",
        "STRENDS",
        "STRBEFORE",
        "STRAFTER",
        "YEAR",
        "MONTH",
        "DAY",
        "HOURS",
        "MINUTES",
        "SECONDS",
        "TIMEZONE",
        "TZ",
        "NOW",
        "UUID",
        "STRUUID",
        "MD5",
        "SHA1",
        "SHA256",
        "SHA384",
        "SHA512",
        "COALESCE",
        "IF",
        "STRLANG",
        "STRDT",
        "SAMETERM",
        "ISIRI",
        "ISURI",
        "ISBLANK",
        "ISLITERAL",
        "ISNUMERIC",
        "REGEX",
        "SUBSTR",
        "REPLACE",
        "COUNT",
        "SUM",
        "MIN",
        "MAX",
        "AVG",
        "SAMPLE",
        "GROUP_CONCAT",
    ]
)
_BESIDE_TRIPLES = (*"{}", *["OPTIONAL", "MINUS", "GRAPH", "SERVICE", "FILTER", "BIND", "VALUES"])
_OPERATORS = frozenset(("||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/"))


@dataclass(frozen=True, slots=True)
class DatasetClause:
    """``FROM <graph>`` or ``FROM NAMED <graph>``: the name as it is written, and its place in the text."""

    graph: str
    named: bool
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """What a query is: ``form`` is SELECT, ASK, CONSTRUCT or DESCRIBE; FROM clauses belong at ``dataset_at``."""

    text: str
    form: str
    dataset: tuple[DatasetClause, ...]
    dataset_at: int

    def with_dataset(self, default: tuple[str, ...], named: tuple[str, ...]) -> str:
        """The text with these graphs in the place of those that it names itself."""
        clauses = "".join(f" FROM <{graph}>" for graph in default)
        clauses += "".join(f" FROM NAMED <{graph}>" for graph in named)
        cuts = [0, *(at for clause in self.dataset for at in (clause.start, clause.end)), len(self.text)]
        kept = [(start, end) for at, (start, end) in enumerate(pairwise(cuts)) if at % 2 == 0]
        parts = [self.text[start:end] for start, end in kept]
        if self.dataset:
            return parts[0] + clauses + " ".join(parts[1:])
        return f"{self.text[: self.dataset_at]}{clauses} {self.text[self.dataset_at :]}"


def read_query(text: str) -> ReadQuery:
    """Reads one query. Line breaks are made "\\n" and escapes of code points the characters themselves.

    Raises RefusedQuery, with line and column, where it is not SPARQL 1.1, is an update, or holds SERVICE.
    """
    return _Reader(_expand_escapes(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))).read()


def _expand_escapes(text: str) -> str:
    """The recommendation has code point escapes anywhere, engines only in strings and IRIs: so neither sees one.

    An escape for a sign of the grammar would be read differently by different engines and is refused.
    """
    if "\\u" not in text and "\\U" not in text:
        return text

    def expand(match: re.Match[str]) -> str:
        code = int(match[2][1:], 16)
        if len(match[1]) % 2 or code > 0x10FFFF or 0xD800 <= code < 0xE000 or code < 0x20 or chr(code) in "\"'\\<>{}#":
            raise RefusedQuery(f"the escape \\{match[2]} is refused: write the character itself")
        return match[1] + chr(code)

    return _ESCAPE.sub(expand, text)


class _Reader:
    """Recursive descent over the tokens; ``deep`` holds how many brackets are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._kinds: list[str] = []
        self._words: list[str] = []  # keywords in capitals, all else as written
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._at = 0
        self._deep = 0
        self._place = 0  # up to which the text has been split
        self._split()
        self._split()

    def _split(self) -> None:
        """Splits off one more token: two are known at any time, and a text is left where it goes wrong."""
        text, place = self._text, self._place
        while place < len(text):
            token = _TOKEN.match(text, place)
            if token is None:
                raise self._refuse(place, f"{text[place]!r} cannot stand here")
            kind = str(token.lastgroup)
            self._place = token.end()
            if kind != "blank":
                word = token[0]
                self._kinds.append("string" if kind == "line" else kind)
                self._words.append(word.upper() if kind == "word" and word != "a" else word)
                self._starts.append(place)
                self._ends.append(self._place)
                return
            place = self._place
        self._kinds.append("end")
        self._words.append("")
        self._starts.append(len(text))
        self._ends.append(len(text))

    def _step(self) -> None:
        self._at += 1
        self._split()

    # ---- tokens

    def _refuse(self, place: int, cause: str) -> RefusedQuery:
        line = self._text.count("\n", 0, place) + 1
        column = place - self._text.rfind("\n", 0, place)
        return RefusedQuery(f"not a SPARQL query: line {line}, column {column}: {cause}")

    def _unexpected(self, wanted: str) -> RefusedQuery:
        start, end = self._starts[self._at], self._ends[self._at]
        found = self._text[start : min(end, start + 40)]
        return self._refuse(start, f"{f'found {found!r}' if found else 'the text ends'} where {wanted} should be")

    def _is(self, *words: str) -> bool:
        """Whether the present token is one of these keywords or signs (a string of that content is not)."""
        return self._words[self._at] in words and self._kinds[self._at] in ("word", "sign")

    def _kind(self, *kinds: str) -> bool:
        return self._kinds[self._at] in kinds

    def _take(self, *words: str) -> bool:
        if self._is(*words):
            self._step()
            return True
        return False

    def _take_kind(self, *kinds: str) -> bool:
        if self._kinds[self._at] in kinds:
            self._step()
            return True
        return False

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise self._unexpected(word)

    def _need_kind(self, wanted: str, *kinds: str) -> None:
        if not self._take_kind(*kinds):
            raise self._unexpected(wanted)

    def _open(self, bracket: str) -> None:
        if self._deep >= DEEPEST:
            raise RefusedQuery("the query is nested too deeply")
        self._need(bracket)
        self._deep += 1

    def _close(self, bracket: str) -> None:
        self._need(bracket)
        self._deep -= 1

    def _within(self, read: Callable[[], None], brackets: str = "()") -> None:
        self._open(brackets[0])
        read()
        self._close(brackets[1])

    # ---- the query

    def read(self) -> ReadQuery:
        self._prologue()
        if self._kind("end"):
            raise RefusedQuery("the query is empty")
        form = self._words[self._at]
        if self._kind("word") and form in _UPDATES:
            raise RefusedQuery(f"{form}: queries only read the graph; SELECT, ASK, CONSTRUCT and DESCRIBE are run")
        if not self._take("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"):
            raise self._unexpected("SELECT, ASK, CONSTRUCT or DESCRIBE")
        if form == "SELECT":
            self._projection()
        elif form == "CONSTRUCT" and self._is("{"):
            self._within(self._triples, "{}")
        elif form == "DESCRIBE" and not self._take("*"):
            self._node_name()
            while self._kind("variable", "iri", "prefixed"):
                self._step()
        dataset_at = self._ends[self._at - 1]
        dataset = self._dataset()
        if self._take("WHERE") or self._is("{") or form != "DESCRIBE":
            self._group()
        self._modifiers()
        if self._take("VALUES"):
            self._data()
        if not self._kind("end"):
            raise self._unexpected("the end")
        return ReadQuery(self._text, form, tuple(dataset), dataset_at)

    def _prologue(self) -> None:
        while True:
            if self._take("PREFIX"):
                if not self._words[self._at].endswith(":"):
                    raise self._unexpected("a prefix and its colon")
                self._need_kind("a prefix", "prefixed")
            elif not self._take("BASE"):
                return
            self._need_kind("an IRI", "iri")

    def _dataset(self) -> list[DatasetClause]:
        found = []
        while self._is("FROM"):
            start = self._starts[self._at]
            self._step()
            named = self._take("NAMED")
            graph = self._words[self._at]
            self._need_kind("the IRI of a graph", "iri", "prefixed")
            line = self._text.count("\n", 0, start) + 1
            found.append(DatasetClause(graph, named, start, self._ends[self._at - 1], line))
        return found

    def _projection(self) -> None:
        self._take("DISTINCT", "REDUCED")
        if self._take("*"):
            return
        while True:
            if self._is("("):
                self._within(self._expression_as)
            else:
                self._need_kind("a variable, * or (expression AS ?name)", "variable")
            if not (self._kind("variable") or self._is("(")):
                return

    def _expression_as(self) -> None:
        self._expression()
        self._need("AS")
        self._need_kind("a variable", "variable")

    def _modifiers(self) -> None:
        if self._take("GROUP"):
            self._need("BY")
            self._group_condition()
            while self._kind("variable", "iri", "prefixed") or self._is("(") or self._is_function():
                self._group_condition()
        if self._take("HAVING"):
            self._constraint()
            while self._kind("iri", "prefixed") or self._is("(") or self._is_function():
                self._constraint()
        if self._take("ORDER"):
            self._need("BY")
            self._order_condition()
            while self._kind("variable", "iri", "prefixed") or self._is("(", "ASC", "DESC") or self._is_function():
                self._order_condition()
        while self._take("LIMIT", "OFFSET"):
            self._need_kind("a number", "number")

    def _group_condition(self) -> None:
        if self._take_kind("variable"):
            return None
        if not self._is("("):
            return self._constraint()
        self._open("(")
        self._expression()
        if self._take("AS"):
            self._need_kind("a variable", "variable")
        return self._close(")")

    def _order_condition(self) -> None:
        if self._take("ASC", "DESC"):
            self._within(self._expression)
        elif not self._take_kind("variable"):
            self._constraint()

    # ---- patterns

    def _group(self) -> None:
        self._open("{")
        if self._take("SELECT"):
            self._projection()
            self._take("WHERE")
            self._group()
            self._modifiers()
            if self._take("VALUES"):
                self._data()
        else:
            while not self._is("}"):
                self._pattern()
        self._close("}")

    def _pattern(self) -> None:
        if self._is("SERVICE"):
            raise RefusedQuery("SERVICE is refused: a query asks this graph and no other server")
        if self._is("{"):
            self._group()
            while self._take("UNION"):
                self._group()
        elif self._take("OPTIONAL", "MINUS"):
            self._group()
        elif self._take("GRAPH"):
            self._node_name()
            self._group()
        elif self._take("FILTER"):
            self._constraint()
        elif self._take("BIND"):
            self._within(self._expression_as)
        elif self._take("VALUES"):
            self._data()
        else:
            self._same_subject()
            if not self._take(".") and not self._is(*_BESIDE_TRIPLES):
                raise self._unexpected("a dot or the end of the pattern")
            return
        self._take(".")

    def _node_name(self) -> None:
        self._need_kind("a variable or an IRI", "variable", "iri", "prefixed")

    def _data(self) -> None:
        """What follows VALUES: one variable and its values, or several in brackets."""
        if self._take_kind("variable"):
            self._open("{")
            while not self._is("}"):
                self._data_value()
            return self._close("}")
        self._open("(")
        while self._take_kind("variable"):
            pass
        self._close(")")
        self._open("{")
        while not self._is("}"):
            self._open("(")
            while not self._is(")"):
                self._data_value()
            self._close(")")
        return self._close("}")

    def _data_value(self) -> None:
        if not self._take("UNDEF") and not self._take_kind("iri", "prefixed") and not self._literal():
            raise self._unexpected("a value")

    def _triples(self) -> None:
        while not self._is("}"):
            self._same_subject()
            if not self._take("."):
                return

    def _same_subject(self) -> None:
        composed = self._is("[", "(")
        self._node()
        if not composed or not self._is(".", *_BESIDE_TRIPLES):
            self._properties()

    def _properties(self) -> None:
        self._verb_and_objects()
        while self._take(";"):
            if self._kind("variable", "iri", "prefixed") or self._is("a", "^", "!", "("):
                self._verb_and_objects()

    def _verb_and_objects(self) -> None:
        if not self._take_kind("variable"):
            self._path()
        self._node()
        while self._take(","):
            self._node()

    def _node(self) -> None:
        """A term, a blank node with properties, or a collection."""
        if self._is("["):
            self._open("[")
            if not self._is("]"):
                self._properties()
            self._close("]")
        elif self._is("("):
            self._open("(")
            while not self._is(")"):
                self._node()
            self._close(")")
        elif not self._take_kind("variable", "iri", "prefixed", "node") and not self._literal():
            raise self._unexpected("a term")

    def _literal(self) -> bool:
        if self._take_kind("string"):
            if not self._take_kind("language") and self._take("^^"):
                self._need_kind("the IRI of a datatype", "iri", "prefixed")
            return True
        if self._is("+", "-") and self._kinds[self._at + 1] == "number":
            self._step()
        return self._take_kind("number") or self._take("TRUE", "FALSE")

    def _path(self) -> None:
        self._path_step()
        while self._take("|", "/"):
            self._path_step()

    def _path_step(self) -> None:
        self._take("^")
        if self._is("("):
            self._within(self._path)
        elif self._take("!"):
            if self._is("("):
                self._within(self._negated)
            else:
                self._take("^")
                self._path_name()
        else:
            self._path_name()
        self._take("?", "*", "+")

    def _path_name(self) -> None:
        if not self._take("a"):
            self._need_kind("a property", "iri", "prefixed")

    def _negated(self) -> None:
        while not self._is(")"):
            self._take("^")
            self._path_name()
            if not self._take("|"):
                return

    # ---- expressions

    def _is_function(self) -> bool:
        return (self._kind("word") and self._words[self._at] in _FUNCTIONS) or self._is("EXISTS", "NOT")

    def _constraint(self) -> None:
        if self._is("("):
            self._within(self._expression)
        elif self._kind("iri", "prefixed"):
            self._step()
            self._arguments()
        elif self._is_function():
            self._function()
        else:
            raise self._unexpected("a condition in brackets or a function")

    def _expression(self) -> None:
        self._operand()
        while True:
            if self._kind("sign") and self._words[self._at] in _OPERATORS:
                self._step()
                self._operand()
            elif self._is("IN", "NOT"):
                self._take("NOT")
                self._need("IN")
                self._list()
            else:
                return

    def _operand(self) -> None:
        signs = self._at
        while self._take("!", "+", "-"):
            if self._at - signs > DEEPEST:
                raise RefusedQuery("the query is nested too deeply")
        if self._is("("):
            self._within(self._expression)
        elif self._kind("iri", "prefixed"):
            self._step()
            if self._is("("):
                self._arguments()
        elif self._is_function():
            self._function()
        elif not self._take_kind("variable") and not self._literal():
            raise self._unexpected("a value")

    def _function(self) -> None:
        negated = self._take("NOT")
        if negated or self._is("EXISTS"):
            self._need("EXISTS")
            return self._group()
        self._step()
        return self._arguments()

    def _arguments(self) -> None:
        """What stands in the brackets of a function, an aggregate's DISTINCT, * and SEPARATOR too."""
        self._open("(")
        self._take("DISTINCT")
        if not self._take("*") and not self._is(")"):
            self._expression()
            while self._take(","):
                self._expression()
        if self._take(";"):
            self._need("SEPARATOR")
            self._need("=")
            self._need_kind("a string", "string")
        self._close(")")

    def _list(self) -> None:
        self._open("(")
        if not self._is(")"):
            self._expression()
            while self._take(","):
                self._expression()
        self._close(")")
