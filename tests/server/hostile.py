"""Queries that mean harm, or would do it: families of them, made in code.

``{url}`` stands for a server that notices when it is asked, ``{file}`` for a file whose words must not come back.
"""

from __future__ import annotations

from collections.abc import Iterator

ANY = "?s ?p ?o"
_SOURCES = ("{url}/data", "{file}", "https://w3id.org/zhijiao-kg/id/report/../../{url}")


def reach_out() -> Iterator[str]:
    """Queries that would have something fetched or read: all are refused."""
    for call in (
        "SERVICE <{url}/s>",
        "SERVICE SILENT <{url}/s>",
        "service <{url}/s>",
        "SeRvIcE\n<{url}/s>",
        "SERVICE ?g",
    ):
        inner = f"{call} {{ {ANY} }}"
        yield from (
            f"SELECT * {{ {inner} }}",
            f"SELECT * {{ {ANY} . {inner} }}",
            f"SELECT * {{ OPTIONAL {{ {inner} }} }}",
            f"SELECT * {{ {{ {inner} }} UNION {{ {ANY} }} }}",
            f"SELECT * {{ MINUS {{ {inner} }} }}",
            f"SELECT * {{ FILTER NOT EXISTS {{ {inner} }} }}",
            f"SELECT (EXISTS {{ {inner} }} AS ?x) {{ }}",
            f"SELECT * {{ {{ SELECT * {{ {{ SELECT * {{ {inner} }} }} }} }} }}",
            f"SELECT * {{ GRAPH ?g {{ {inner} }} }}",
            f"ASK {{ {inner} }}",
            f"CONSTRUCT {{ {ANY} }} WHERE {{ {inner} }}",
            f"DESCRIBE ?s {{ {inner} }}",
            f"SELECT * {{ {ANY} }} ORDER BY EXISTS {{ {inner} }}",
            f"SELECT * {{ {ANY} }} HAVING (EXISTS {{ {inner} }})",
        )
    yield "SELECT * { # comment \r SERVICE <{url}/s> { ?s ?p ?o } \n }"
    yield "SELECT * { \\u0053ERVICE <{url}/s> { ?s ?p ?o } }"
    yield "SELECT * { SERVIC\\u0045 <{url}/s> { ?s ?p ?o } }"
    yield "SELECT * { ?s ?p '\\u0027 } SERVICE <{url}/s> { ?a ?b ?c . ?d ?e \\u0027' }"
    yield 'SELECT * { ?s ?p "\\\\" . SERVICE <{url}/s> { ?a ?b "\\"" } }'
    yield "BASE <{url}/> SELECT * { SERVICE <s> { ?s ?p ?o } }"
    yield "PREFIX x: <{url}/> SELECT * { SERVICE x:s { ?s ?p ?o } }"
    for source in _SOURCES:
        for clause in (f"FROM <{source}>", f"FROM NAMED <{source}>", f"from <{source}> from named <{source}>"):
            yield f"SELECT * {clause} {{ {ANY} }}"
            yield f"CONSTRUCT {{ {ANY} }} {clause} WHERE {{ {ANY} }}"
            yield f"ASK {clause} {{ GRAPH ?g {{ {ANY} }} }}"
        yield f"DESCRIBE <x> FROM <{source}>"
        yield f"CONSTRUCT FROM <{source}> WHERE {{ {ANY} }}"
    yield "PREFIX x: <{url}/> SELECT * FROM x:data { ?s ?p ?o }"
    yield "BASE <{url}/> SELECT * FROM <data> { ?s ?p ?o }"
    yield "SELECT * FROM <https://w3id.org/zhijiao-kg/id/report/no-such> { ?s ?p ?o }"


def change() -> Iterator[str]:
    """Updates sent as queries: all are refused."""
    for text in (
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "INSERT { ?s <x:b> 1 } WHERE { ?s ?p ?o }",
        "DELETE DATA { <x:a> <x:b> <x:c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "LOAD <{url}/data>",
        "LOAD SILENT <{file}> INTO GRAPH <x:g>",
        "CLEAR ALL",
        "CLEAR SILENT DEFAULT",
        "DROP ALL",
        "DROP GRAPH <x:g>",
        "CREATE GRAPH <x:g>",
        "COPY DEFAULT TO <x:g>",
        "MOVE <x:g> TO DEFAULT",
        "ADD DEFAULT TO <x:g>",
    ):
        yield text
        yield f"PREFIX x: <x:> # {text}\n{text}"
    yield "SELECT * { ?s ?p ?o } ; DROP ALL"
    yield "SELECT * { ?s ?p ?o } DROP ALL"
    yield "ASK {} ; INSERT DATA { <x:a> <x:b> <x:c> }"


def run_on() -> Iterator[str]:
    """Queries that take more time or memory than anybody has: all are stopped."""
    crosses = {n: " . ".join(f"?a{at} ?b{at} ?c{at}" for at in range(n)) for n in (3, 4, 5, 8)}
    for text in crosses.values():
        yield f"SELECT (COUNT(*) AS ?n) {{ {text} }}"
        yield f"SELECT DISTINCT ?a0 ?c1 ?c2 {{ {text} }} ORDER BY ?c2"
        yield f"CONSTRUCT {{ ?a0 <x:p> ?a1 . ?a1 <x:p> ?a2 }} WHERE {{ {text} }} ORDER BY ?a2"
    three = crosses[3]
    for text in (
        f"SELECT (SUM(STRLEN(STR(?a0))) AS ?n) {{ {three} }}",
        f"SELECT ?a0 (COUNT(DISTINCT ?c2) AS ?n) {{ {three} }} GROUP BY ?a0 HAVING (COUNT(*) > 3)",
        f"SELECT * {{ {three} FILTER(REGEX(CONCAT(STR(?c0), STR(?c1), STR(?c2)), '(a+)+$')) }} ORDER BY ?c0",
        f"ASK {{ {three} FILTER(CONCAT(STR(?a0), STR(?a1), STR(?a2)) = 'nothing') }}",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL { ?g ?h ?i } } }",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?g ?h ?i FILTER(?g = ?a && ?h = ?d && ?i = ?e) } }",
        "SELECT (COUNT(*) AS ?n) { { ?a ?b ?c } UNION { ?d ?e ?f } { ?g ?h ?i } UNION { ?j ?k ?l } ?m ?n2 ?o }",
        "SELECT (COUNT(*) AS ?n) { ?a (!<x:p>)* ?b . ?c (!<x:p>)* ?d }",
        "SELECT (COUNT(*) AS ?n) { ?a (!<x:p>|!^<x:p>)* ?b }",
        "SELECT (COUNT(*) AS ?n) { ?a ((!<x:p>)/(!<x:p>))* ?b . ?b (!<x:p>)+ ?c }",
        "SELECT (COUNT(*) AS ?n) { ?a (skos:broader|^skos:broader)* ?b . ?b (skos:broader|^skos:broader)* ?c . ?d ?e ?f }",
        "SELECT (COUNT(*) AS ?n) { ?a (^skos:inScheme/skos:inScheme)* ?b . ?b (skos:inScheme/^skos:inScheme)+ ?c . ?d ?e ?f }",
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?d), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i OFFSET 100000000 LIMIT 1",
        "DESCRIBE ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g1 { ?a ?b ?c } GRAPH ?g2 { ?d ?e ?f } GRAPH ?g3 { ?g ?h ?i } GRAPH ?g4 { ?j ?k ?l } }",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(MD5(STR(?c)) < SHA512(STR(?f))) }",
    ):
        yield text
    for size, count in ((60, 5), (300, 4), (1500, 3)):
        values = " ".join(map(str, range(size)))
        parts = " ".join(f"VALUES ?v{at} {{ {values} }}" for at in range(count))
        total = " + ".join(f"?v{at}" for at in range(count))
        yield f"SELECT (SUM({total}) AS ?n) {{ {parts} }}"
    nested = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
    for depth in range(0, 60, 20):
        text = f"SELECT (COUNT(*) AS ?n) {{ {nested} }}"
        for _ in range(depth):
            text = f"SELECT * {{ {{ {text} }} }}"
        yield text
    # Strings that double: 2^40 characters at the end.
    doubles = " ".join(f"BIND(CONCAT(?x{at}, ?x{at}) AS ?x{at + 1})" for at in range(40))
    yield f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('0123456789' AS ?x0) {doubles} }}"
    yield f"SELECT ?x40 {{ BIND('职' AS ?x0) {doubles} }}"
    replaced = "'ab'"
    for _ in range(40):
        replaced = f"REPLACE({replaced}, '.', '$0$0')"
    yield f"SELECT (STRLEN({replaced}) AS ?n) {{}}"


def break_text() -> Iterator[str]:
    """What is no query: all are refused."""
    whole = 'PREFIX x: <http://x/> SELECT ?a (COUNT(*) AS ?n) { ?a x:b/x:c+ "d"@zh ; x:e [ x:f 1.5 ] } GROUP BY ?a'
    yield from (whole[:at] for at in range(7, len(whole) - len(" GROUP BY ?a") - 1, 6))
    yield from (whole.replace(sign, "", 1) for sign in '<>(){}"[]')
    yield from (
        "",
        " ",
        "\n\n",
        "# only a comment",
        "hello",
        "SELECT",
        "select * where",
        "{}",
        "\x00",
        "ASK {}\x00",
        "\ufffe",
    )
    yield from (
        "ASK {} ASK {}",
        "ASK { ?s ?p }",
        "SELECT * { ?s ?p ?o } LIMIT -1",
        "SELECT ?x { BIND(1 AS 2) }",
        "ASK { <a b> ?p ?o }",
    )
    yield from ("SELECT * {" + "{" * depth + "}" * depth + "}" for depth in (101, 1000, 20_000))
    yield from (f"SELECT * {{ ?s {'(' * depth}<x:p>{')' * depth} ?o }}" for depth in (101, 1000, 20_000))
    yield from (f"SELECT (({'(' * depth}1{')' * depth}) AS ?x) {{}}" for depth in (101, 1000, 20_000))
    yield from (f"SELECT ({'!' * 5}{'-' * depth}(1 AS ?x) {{}}" for depth in (1, 40_000))
    yield "SELECT * { ?s ?p " + "[ ?p " * 20_000
    yield "SELECT * { ?s ?p " + "( " * 20_000
    yield "SELECT * { FILTER(" + "EXISTS { FILTER(" * 5_000
    yield "ASK { ?s ?p ?o } " + "#" * 200_001
    yield "ASK { ?s ?p '" + "a" * 200_001 + "' }"
    yield "SELECT * { VALUES ?x { " + "1 " * 110_000 + "} }"
    yield "ASK { ?s ?p '''" + "\\" * 30_001
    yield "ASK { ?s ?p " + '"' * 30_001
    yield "ASK { ?s " + "<" * 30_000
    yield "a:" * 30_000
    yield 'ASK { ?s ?p "\\u0022" }'
    yield "ASK { ?s ?p '\\uD800' }"
    yield "ASK { <x:\\u003E> ?p ?o }"


FAMILIES = {"reach-out": reach_out, "change": change, "run-on": run_on, "break-text": break_text}


def list_cases() -> dict[str, tuple[str, str]]:
    """Family and text of every query by its name, each text once."""
    found = {text: family for family, make in FAMILIES.items() for text in make()}
    return {
        f"{family}-{at}-{' '.join(text.split())[:40]!a}": (family, text)
        for at, (text, family) in enumerate(found.items())
    }
