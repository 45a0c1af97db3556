"""Which part of a graph is shown: laws of what lies around a focus and of the most connected part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from test_network import edge

from kg.network import build_graph
from kg.network_part import BACKGROUND, find_neighbours, keep_most_connected, links_in, list_links, take_around

LINKS = st.lists(
    st.tuples(
        st.sampled_from("甲乙丙丁戊己庚辛"),
        st.sampled_from(["partnersWith", "memberOf", "offersProgramme", "locatedIn"]),
        st.sampled_from("甲乙丙丁戊己庚辛"),
    ),
    min_size=1,
    max_size=25,
)


def make(links):
    return build_graph([], [edge(*link, statement=str(at)) for at, link in enumerate(links)])


@given(LINKS)
def test_more_steps_never_show_less(links):
    graph = make(links)
    middle = [next(iter(graph))]
    around = [take_around(links_in(graph), middle, steps) for steps in (1, 2, 3)]
    assert set(middle) <= around[0] <= around[1] <= around[2]


@given(LINKS)
def test_one_step_is_the_neighbours_and_no_step_leads_on_from_a_trait(links):
    graph = make(links)
    middle = next(iter(graph))
    near = {*graph.successors(middle), *graph.predecessors(middle)}
    assert take_around(links_in(graph), [middle], 1) == near | {middle}
    beyond = take_around(links_in(graph), [middle], 3) - near - {middle}
    real = {iri for s, t, p in graph.edges(data="predicate") if p not in BACKGROUND for iri in (s, t)}
    passable = (near | beyond) & real
    assert all({*graph.successors(iri), *graph.predecessors(iri)} & (passable | {middle} | near) for iri in beyond)


@given(LINKS, st.integers(1, 8))
def test_the_most_connected_part_has_the_size_and_the_best(links, most):
    graph = make(links)
    kept = keep_most_connected(graph, list_links(graph), frozenset(), [], most)
    degrees = {iri: len(near) for iri, near in find_neighbours(graph, list_links(graph), frozenset()).items()}
    assert len(kept) == min(most, len(graph))
    assert max(degrees[iri] for iri in kept) == max(degrees.values())


def test_what_a_picture_is_around_is_kept():
    rows = [edge("大校", "partnersWith", f"厂{at}") for at in range(9)] + [edge("小校", "partnersWith", "店")]
    graph = build_graph([], rows)
    middle = "https://example.org/小校"
    assert middle in keep_most_connected(graph, list_links(graph), frozenset(), [middle], 2)
