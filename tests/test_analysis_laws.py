"""What must hold of the analyses of any graph, on a made one in the shape of real reports."""

from __future__ import annotations

import pytest

from kg import analysis, store
from kg.analysis import Scope
from kg.frames import Frames, read_frames
from tests.benchmarks.made_graph import make_statements


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    home = tmp_path_factory.mktemp("made")
    make_statements(home, 60_000)
    store.rebuild(home)
    return read_frames(home)


def test_each_line_has_two_ends(made: Frames) -> None:
    graph, degree = analysis.build_partner_graph(made), analysis.measure_degree(made)
    of_schools = degree["type"] == "School"
    assert degree.loc[of_schools, "degree"].sum() == degree.loc[~of_schools, "degree"].sum() == graph.number_of_edges()
    assert degree["centrality"].between(0, 1).all() and degree["degree"].is_monotonic_decreasing
    assert analysis.measure_betweenness(made)["betweenness"].between(0, 1).all()


def test_communities_share_out_all_nodes_and_lines(made: Frames) -> None:
    graph, parts = analysis.build_partner_graph(made), analysis.find_communities(made)
    assert parts["schools"].sum() + parts["partners"].sum() == len(graph)
    assert parts["lines"].sum() + parts["outward"].sum() / 2 == graph.number_of_edges()


def test_a_broker_joins_no_more_than_its_schools_allow(made: Frames) -> None:
    for row in analysis.find_brokers(made).to_dict("records"):
        assert row["pairs"] == row["schools"] * (row["schools"] - 1) / 2 >= row["only_pairs"] >= 0
        assert row["parts"] <= row["schools"]


def test_concentration_lies_between_all_alike_and_one_alone(made: Frames) -> None:
    for row in analysis.measure_concentration(made).to_dict("records"):
        assert 1 / row["partners"] - 1e-6 <= row["hhi"] <= row["top_share"] + 1e-6 <= row["top3_share"] + 2e-6
        assert 1 - 1e-6 <= row["effective"] <= row["partners"] + 1e-6


def test_a_programme_is_at_risk_or_without_a_partner_or_neither(made: Frames) -> None:
    keys = ["school", "programme"]
    risk, bare = analysis.find_programmes_at_risk(made), analysis.find_unpartnered_programmes(made)
    assert risk.merge(bare, on=keys).empty
    programmes = analysis.list_programmes(made)
    open_ = programmes[~programmes["closed"].astype(bool)]
    assert len(risk) == sum(len(partners) == 1 for partners in open_["partners"])
    assert not risk.duplicated(keys).any() and not bare.duplicated(keys).any()


def test_a_candidate_is_nobody_that_the_school_works_with(made: Frames) -> None:
    for school in sorted(set(made.partnerships["school"]))[:10]:
        taken = set(made.partnerships.loc[made.partnerships["school"] == school, "partner"])
        found = analysis.find_candidates(made, school)
        assert taken.isdisjoint(found["partner"]) and found["partner"].is_unique
        assert all(row["reasons"] and row["evidence"] for row in found.to_dict("records"))


def test_two_years_the_other_way_round(made: Frames) -> None:
    forth, back = analysis.compare_years(made, 2022, 2023), analysis.compare_years(made, 2023, 2022)
    turned = {"gained": "not-mentioned", "not-mentioned": "gained"}
    there, here = (
        {(row["school"], row["partner"]): row["change"] for row in answer.to_dict("records")}
        for answer in (forth, back)
    )
    assert len(there) > 100 and {pair: turned.get(change, change) for pair, change in there.items()} == here
    assert all(forth["evidence_before"].map(bool) | forth["evidence_after"].map(bool))


def test_a_build_beside_itself_keeps_everything(made: Frames) -> None:
    answer = analysis.compare_builds(made, made)
    assert set(answer["change"]) == {"kept"} and len(answer) == analysis.build_partner_graph(made).number_of_edges()


def test_a_narrower_scope_takes_rows_away_and_adds_none(made: Frames) -> None:
    whole = analysis.select_partnerships(made)
    for scope in (
        Scope(years=frozenset({2023})),
        Scope(modes=frozenset({"订单培养"})),
        Scope(types=frozenset({"Hospital"})),
        Scope(places=frozenset({made.entities.loc[whole["school"].iloc[0], "place_code"][:2] + "0000"})),
    ):
        some = analysis.select_partnerships(made, scope)
        assert 0 < len(some) < len(whole) or scope.places
        assert set(some["statement"]) <= set(whole["statement"])
