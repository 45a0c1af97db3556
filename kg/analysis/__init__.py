"""Analyses of the graph's tables, one function each: it takes Frames (kg.frames.read_frames) and a Scope, and gives a
DataFrame of pandas or a Graph of networkx. docs/analysis.md says what each number means, docs/tour.md shows them at work.
"""

from kg.analysis.candidates import find_candidates
from kg.analysis.comparison import compare_builds, compare_regions, compare_years
from kg.analysis.graphs import (
    build_partner_graph,
    build_school_graph,
    find_brokers,
    find_communities,
    measure_betweenness,
    measure_degree,
)
from kg.analysis.programmes import find_programmes_at_risk, find_unpartnered_programmes, list_programmes
from kg.analysis.scope import EVERYTHING, Answer, Scope, resolve_scope, select_offerings, select_partnerships
from kg.analysis.shares import measure_concentration
from kg.analysis.wording import list_notes, say_evidence, say_reasons, write_answer

__all__ = [
    "EVERYTHING",
    "Answer",
    "Scope",
    "build_partner_graph",
    "build_school_graph",
    "compare_builds",
    "compare_regions",
    "compare_years",
    "find_brokers",
    "find_candidates",
    "find_communities",
    "find_programmes_at_risk",
    "find_unpartnered_programmes",
    "list_notes",
    "list_programmes",
    "measure_betweenness",
    "measure_concentration",
    "measure_degree",
    "resolve_scope",
    "say_evidence",
    "say_reasons",
    "select_offerings",
    "select_partnerships",
    "write_answer",
]
