"""The reader of strangers' queries takes what SPARQL 1.1 takes, says where a text goes wrong, and never loses its time."""

from __future__ import annotations

import contextlib
import time

import pytest
from pyoxigraph import Store

from kg.errors import RefusedQuery
from kg.sparql_text import DEEPEST, read_query

# One for each part of the grammar; all are read by Oxigraph too.
VALID = [
    "SELECT * { ?s ?p ?o }",
    "select distinct ?s ?p where { ?s ?p ?o . } order by ?s desc(?p) limit 1 offset 2",
    "SELECT REDUCED ?s { } OFFSET 2 LIMIT 1",
    "SELECT ?s { } OFFSET2 LIMIT10",
    "SELECT $s { $s <p> ?o }",
    "BASE <http://a/> PREFIX : <b#> PREFIX x.y: <c> SELECT (1+1 AS ?n) { :s x.y:o :1 }",
    "SELECT (COUNT(*) AS ?n) (SUM(DISTINCT ?v) AS ?m) (GROUP_CONCAT(?v; SEPARATOR=', ') AS ?c) { ?s ?p ?v } GROUP BY ?s",
    "SELECT ?x { ?s ?p ?x } GROUP BY ?x (STR(?s)) HAVING (COUNT(?s) > 1) (MIN(?s) < MAX(?s))",
    "SELECT ?k { ?s ?p ?x } GROUP BY (?x + 1 AS ?k) UCASE(?s) <f>(?s) ORDER BY ASC(?k) (?k * 2) STRLEN(?k) !BOUND(?k)"
    .replace(" !BOUND(?k)", ""),
    "ASK { }",
    "ASK WHERE { ?s a <C> ; <p> 1, -2, +3.5, .5, 1e6, 1.0E-2, true, false ; ; . }",
    "CONSTRUCT { ?s ?p [ <q> ?o ] . _:b <p> (1 2) } WHERE { ?s ?p ?o } LIMIT 5",
    "CONSTRUCT { } { }",
    "CONSTRUCT WHERE { ?s ?p ?o . ?o ?q 1 }",
    "DESCRIBE <a> ?s { ?s ?p ?o } ORDER BY ?s",
    "DESCRIBE * WHERE { ?s ?p ?o }",
    "DESCRIBE <a>",
    "DESCRIBE <a> LIMIT 1",
    "SELECT * { ?s ?p \"a\"@zh-Hans, 'b'^^<t>, '''c ' '' \n d''', \"\"\"e \" \"\" f\"\"\", '\\t\\\"\\'\\\\' }",
    "SELECT * { ?s <a>/^<b>|!(<c>|^a)|(<d>/<e>)*|<f>+|<g>?|!<h>|!^<i> ?o }",
    "SELECT * { { ?a ?b ?c } UNION { ?d ?e ?f } UNION { } . OPTIONAL { ?g ?h ?i } MINUS { ?j ?k ?l } }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } GRAPH <g> { } ?s ?p ?o FILTER(?o > 1) FILTER NOT EXISTS { ?o ?p ?s } ?x ?y ?z }",
    "SELECT * { ?s ?p ?o . FILTER EXISTS { ?s ?p 1 } FILTER REGEX(?o, 'a', 'i') FILTER <f>(?o, 1) }",
    "SELECT * { BIND(IF(BOUND(?x), ?x, COALESCE(?y, 1/0)) AS ?z) }",
    "SELECT * { FILTER(?a IN (1, 2) || ?a NOT IN () && !(?a = -?b) && ?c <= 3 && ?d >= 4 && ?e != ?f*2-1+?g/3) }",
    "SELECT * { FILTER(?a<?b && ?c>?d) FILTER(?a -1 = ?b+2) }",
    "SELECT * { VALUES ?x { 1 UNDEF <a> 'b'@en } VALUES (?y ?z) { (1 2) (UNDEF 'x') } VALUES () { () } VALUES ?w { } }",
    "SELECT * { } VALUES (?x) { (1) }",
    "SELECT * { { SELECT ?x (MAX(?y) AS ?m) WHERE { ?x <p> ?y } GROUP BY ?x ORDER BY ?m LIMIT 3 VALUES ?x { <a> } } }",
    "SELECT * { [] <p> [] . [ <p> 1 ] . [ <p> 1 ; <q> 2 ] <r> 3 . (1 2) <s> () . ((1) [<p> 2]) <t> 4 }",
    "SELECT * { [ <p> 1 ] OPTIONAL { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o ; OPTIONAL { ?a ?b ?c } }",
    "SELECT * FROM <g> FROM NAMED <h> { ?s ?p ?o }",
    "PREFIX p: <x> SELECT * { p:a.b p:c%20d p:e\\-f ; p: p:0 }",
    "PREFIX 学: <x> SELECT ?校 { ?校 学:校 _:节点.1 }",
    "# first\nSELECT * # 'not a string\r\n{ ?s ?p '# no comment' } # last",
    "SELECT*{?s?p?o.?o<p>?s}",
    "SELECT (NOW() AS ?n) (RAND() AS ?r) (BNODE() AS ?b) (UUID() AS ?u) (STRUUID() AS ?v) {}",
    "SELECT (CONCAT() AS ?c) (SUBSTR('a', 1) AS ?s) (REPLACE('a', 'b', 'c', 'i') AS ?t) {}",
    "SELECT (isIRI(<a>) AS ?i) (sameTerm(1, 1) AS ?j) (langMatches('a', '*') AS ?k) (ENCODE_FOR_URI('a') AS ?l) {}",
    "SELECT * { FILTER(SHA512(?a) = MD5(?b) && TZ(?c) = TIMEZONE(?d) && STRLANG('a', 'b') = STRDT('a', <b>)) }",
]  # fmt: skip


@pytest.mark.parametrize("text", VALID, ids=lambda text: ascii(text[:50]))
def test_what_is_sparql_is_read(text):
    with contextlib.suppress(RuntimeError):  # a function that nobody has defined
        Store().query(text, base_iri="http://example.org/")
    assert read_query(text).form == next(
        word for word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE") if word in text.upper()
    )


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT", 1, 7),
        ("SELECT ?x\n{ ?x ?y }", 2, 9),
        ("SELECT ?x {\n\n  ?x ?y 'z\n}", 3, 9),
        ("SELECT * { ?s ?p ?o ?q }", 1, 21),
        ("SELECT * { ?s ?p ?o } }", 1, 23),
        ("ASK { FILTER nope(1) }", 1, 14),
        ("ASK { BIND(1 AS 2) }", 1, 17),
        ("PREFIX x <http://x/> ASK {}", 1, 8),
        ("ASK { ?职 ?校 ~ }", 1, 13),
        ("\ufeffASK { ?s ?p", 1, 12),
        ("ASK {\r\n ?s }", 2, 5),
        ("SELECT * { ?s ?p ?o } LIMIT ?x", 1, 29),
        ("CONSTRUCT { ?s ?p } {}", 1, 19),
    ],
)
def test_where_a_text_goes_wrong_is_said(text, line, column):
    with pytest.raises(RefusedQuery, match=f"line {line}, column {column}: "):
        read_query(text)


def test_escapes_are_the_characters_that_they_name():
    assert read_query("ASK { ?s ?p '\\u804C\\U00006821' }").text == "ASK { ?s ?p '职校' }"
    for hidden in (
        "\\u0027",
        "\\u0022",
        "\\u005C",
        "\\u003E",
        "\\u007B",
        "\\u000A",
        "\\u0023",
        "\\uD800",
        "\\U00110000",
    ):
        with pytest.raises(RefusedQuery, match="escape"):
            read_query(f"ASK {{ ?s ?p 'a{hidden}b' }}")
    with pytest.raises(RefusedQuery):
        read_query("ASK { ?s ?p 'a\\\\u0041' }")  # a backslash and u0041 to one engine, an escape to another


def test_a_keyword_counts_only_where_it_is_one():
    text = (
        'SELECT ?service { ?service <SERVICE> \'SERVICE <x> {}\' ; service:SERVICE """} SERVICE <x> {""" # SERVICE\n}'
    )
    assert read_query(text).form == "SELECT"
    with pytest.raises(RefusedQuery, match="SERVICE is refused"):
        read_query("SELECT * { ?s ?p '''a''' . service<x>{} }")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT * FROM <d> FROM NAMED <n>  { ?s ?p ?o }"),
        (
            "SELECT (EXISTS { ?a ?b ?c } AS ?x) WHERE {}",
            "SELECT (EXISTS { ?a ?b ?c } AS ?x) FROM <d> FROM NAMED <n>  WHERE {}",
        ),
        ("ASK FROM <a> FROM NAMED <b> {}", "ASK  FROM <d> FROM NAMED <n>   {}"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } FROM <d> FROM NAMED <n>  { ?s ?p ?o }"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT FROM <d> FROM NAMED <n>  WHERE { ?s ?p ?o }"),
        ("DESCRIBE <x>", "DESCRIBE <x> FROM <d> FROM NAMED <n> "),
        ("DESCRIBE ?s { ?s ?p ?o } LIMIT 1", "DESCRIBE ?s FROM <d> FROM NAMED <n>  { ?s ?p ?o } LIMIT 1"),
    ],
)
def test_another_dataset_takes_the_place_of_the_querys(text, expected):
    changed = read_query(text).with_dataset(("d",), ("n",))
    assert changed == expected
    Store().query(changed, base_iri="http://example.org/")
    again = read_query(changed).dataset
    assert [(clause.graph, clause.named) for clause in again] == [("<d>", False), ("<n>", True)]


@pytest.mark.parametrize("brackets", ["()", "{}", "[]"])
def test_depth_is_bounded(brackets):
    for depth, refused in ((DEEPEST - 3, False), (DEEPEST + 1, True)):
        inner = {"()": "1", "{}": "", "[]": "1"}[brackets]
        text = {
            "()": f"ASK {{ FILTER({'(' * depth}1{')' * depth}) }}",
            "{}": f"ASK {{ {'{' * depth}{'}' * depth} }}",
            "[]": f"ASK {{ ?s ?p {'[ <p> ' * depth}{inner}{' ]' * depth} }}",
        }[brackets]
        if refused:
            with pytest.raises(RefusedQuery, match="nested too deeply"):
                read_query(text)
        else:
            assert read_query(text).form == "ASK"


LONG = {
    "values": "SELECT * { VALUES ?x { " + "1 " * 90_000 + "} }",
    "terms": "SELECT * { " + "?s ?p 'o' . " * 15_000 + "}",
    "sum": "SELECT (" + "1+" * 90_000 + "1 AS ?x) {}",
    "path": "ASK { ?s " + "a/" * 90_000 + "a ?o }",
    "comment": "ASK {} " + "# \n" * 60_000,
    "string": "ASK { ?s ?p '''" + "' " * 90_000 + "''' }",
    "name": "ASK { ?s ?p " + "x" * 180_000 + ":y }",
    "word": "x" * 180_000,
    "dots": "ASK { ?s ?p x:" + "." * 180_000,
    "percents": "ASK { ?s ?p x:" + "%2" * 90_000,
    "quotes": "ASK { ?s ?p " + "'" * 180_001,
    "backslashes": "ASK { ?s ?p '" + "\\" * 180_001,
    "less": "ASK { ?s ?p " + "<" * 180_000,
    "iri": "ASK { ?s ?p <" + "a" * 180_000,
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_takes_no_more_than_its_share_of_time(name):
    """Two hundred thousand characters, read in what a tenth of them takes, times ten, or a little more."""
    began = time.process_time()
    try:
        read_query(LONG[name])
    except RefusedQuery as error:
        assert len(str(error)) < 400
    assert time.process_time() - began < 3
