"""An entity over all the reports that name it: what each says, and what follows from all. The order does not matter."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from kg.statement_files import EntityRecord


@dataclass(frozen=True, slots=True)
class Naming:
    """What one report says of an entity, as far as the description over all reports depends on it."""

    type: str
    name: str
    aliases: tuple[str, ...] = ()
    link: tuple[str, str, str] | None = None  # scheme, code, how
    unlinked: tuple[str, str, tuple[str, ...]] | None = None  # scheme, why, codes proposed
    decided_name: str = ""

    @classmethod
    def of(cls, record: EntityRecord) -> Naming:
        link, unlinked = record.link, record.unlinked
        return cls(
            record.type,
            record.name,
            record.aliases,
            None if link is None else (link.scheme, link.code, link.how),
            None if unlinked is None else (unlinked.scheme, unlinked.why, unlinked.proposals),
            record.decided_name,
        )

    def to_json(self) -> str:
        """One line, from which ``from_json`` makes an equal one."""
        values = (self.type, self.name, self.aliases, self.link, self.unlinked, self.decided_name)
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Naming:
        type_, name, aliases, link, unlinked, decided_name = json.loads(text)
        return cls(
            type_,
            name,
            tuple(aliases),
            None if link is None else (link[0], link[1], link[2]),
            None if unlinked is None else (unlinked[0], unlinked[1], tuple(unlinked[2])),
            decided_name,
        )


@dataclass(slots=True)
class MergedEntity:
    """An entity while the reports that name it are read: how many give each type, name, alias and link."""

    types: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    links: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # scheme, code, how
    reasons: Counter[str] = field(default_factory=Counter)  # of reports in which it is not linked
    proposals: set[tuple[str, str]] = field(default_factory=set)  # scheme, code
    decided_name: str = ""

    def add(self, naming: Naming, reports: int = 1) -> None:
        """Takes in what so many reports say."""
        self.types[naming.type] += reports
        self.names[naming.name] += reports
        self.aliases.update(naming.aliases)
        if naming.link is not None:
            self.links[naming.link] += reports
        if naming.unlinked is not None:
            scheme, why, proposals = naming.unlinked
            self.reasons[why] += reports
            self.proposals.update((scheme, code) for code in proposals)
        self.decided_name = max(self.decided_name, naming.decided_name)

    def add_rename(self, link: tuple[str, str, str], instead_of: str, reports: int = 1) -> None:
        """A link that only several reports together give, for one of those added, or so many; ``instead_of`` is the reason
        why that report alone gave none, "" where it gave no reason."""
        self.links[link] += reports
        if instead_of:
            self.reasons[instead_of] -= reports

    @property
    def name(self) -> str:
        """The name that people decided on, else the fullest that a report gives; of two of one length, that of more."""
        return self.decided_name or max(self.names, key=lambda name: (len(name), self.names[name], name))

    def as_named(self) -> tuple[str, tuple[str, ...]]:
        """Its type and all its names, the first one first."""
        return self.type, (self.name, *self.other_names)

    @property
    def other_names(self) -> list[str]:
        return sorted({*self.names, *self.aliases} - {self.name})

    @property
    def type(self) -> str:
        return max(self.types, key=lambda kind: (self.types[kind], kind))

    @property
    def link(self) -> tuple[str, str, str] | None:
        """Scheme, code and way of the link; None where reports disagree.

        What tables of one school's years show holds for the others that use the name only if they have no other.
        """
        if len({(scheme, code) for scheme, code, _ in self.links}) != 1:
            return None
        best = max(self.links, key=lambda link: (self.links[link], link))
        own_years = all(how == "same-table-years" for _, _, how in self.links)
        return None if own_years and self.reasons.total() else best

    @property
    def reason(self) -> str:
        """Why it has no link: what most reports give; "" where it has one, or is of a type that is not linked."""
        if self.link is not None:
            return ""
        if len({(scheme, code) for scheme, code, _ in self.links}) > 1:
            return "links-disagree"
        return max(+self.reasons, key=lambda why: (self.reasons[why], why), default="")

    @property
    def candidates(self) -> list[tuple[str, str]]:
        """Schemes and codes to look at where there is no link."""
        return sorted(self.proposals | {link[:2] for link in self.links}) if self.reason else []
