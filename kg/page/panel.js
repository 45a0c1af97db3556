"use strict";
// The side panel: an entity or a line with its facts, each with the words it was read from and their place.

const FIRST = 30; // facts of a group shown at once

function showPanel() {
  const body = byId("panel-body");
  const wasInside = byId("panel").contains(document.activeElement);
  body.replaceChildren();
  if (!selected) showOverview(body);
  else if (selected.node !== undefined) showNode(body, selected.node);
  else showLine(body, selected.line);
  byId("panel").classList.toggle("open", Boolean(selected));
  byId("close").hidden = !selected;
  byId("back").hidden = !trail.length;
  body.scrollTop = 0;
  byId("panel").scrollTop = 0;
  // What was pressed is gone: whoever works by keyboard goes on at the head of the new content.
  if (wasInside) byId("panel").focus();
}

function makeNodeButton(id) {
  return make("button", { type: "button", class: "entity", onclick: () => select({ node: id }, true) },
    makeMark(styleOf(typeOf(id))), make("span", {}, NAMES[id]));
}

function showOverview(body) {
  body.append(make("h2", {}, say("panel.overview")), make("p", {}, say("panel.start")));
  const top = [...seen.nodes].sort((a, b) => seen.degree[b] - seen.degree[a] || a - b).slice(0, 15);
  if (!top.length) return;
  body.append(make("h3", {}, say("panel.top")), make("ul", { class: "entities" }, ...top.map((id) =>
    make("li", {}, makeNodeButton(id), make("span", { class: "count" }, String(seen.degree[id]))))));
}

function showNode(body, id) {
  const entity = GRAPH.entities[id];
  const facts = factsOfNode[id];
  const traits = makeTraits([
    ["panel.aliases", entity.aliases.join(comma())],
    ["panel.region", entity.region.join(comma())],
  ]);
  body.append(
    make("h2", {}, NAMES[id]),
    make("p", { class: "type" }, makeMark(styleOf(entity.type)), sayType(entity.type)),
    ...(traits ? [traits] : []),
  );
  if (!facts.length) body.append(make("p", {}, say("panel.nofacts")));
  const groups = new Map();
  for (const predicate of PREDICATES.keys()) {
    for (const forward of [true, false]) groups.set(`${predicate} ${forward}`, { predicate, forward, facts: [] });
  }
  for (const fact of facts) groups.get(`${fact.predicate} ${fact.from === id}`).facts.push(fact);
  for (const group of groups.values()) {
    if (!group.facts.length) continue;
    const byOther = new Map();
    for (const fact of group.facts) {
      const other = group.forward ? fact.to : fact.from;
      byOther.has(other) ? byOther.get(other).push(fact) : byOther.set(other, [fact]);
    }
    const entries = [...byOther].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
    body.append(make("details", { open: "" },
      make("summary", {}, sayDirection(group.predicate, group.forward), " ", make("span", { class: "count" }, String(byOther.size))),
      makeCut(entries, ([other, own]) => make("div", { class: "other" }, makeNodeButton(other), ...own.map(makeFact)))));
  }
  body.append(make("p", { class: "iri" }, say("panel.iri"), " ", make("code", {}, entity.iri)));
}

function showLine(body, id) {
  const line = GRAPH.edges[id];
  body.append(make("h2", { class: "ends" }, makeNodeButton(line.from), make("span", { class: "between" }, "—"), makeNodeButton(line.to)));
  const facts = factsOfLine[id];
  body.append(make("p", { class: "type" }, say("panel.facts", facts.length)));
  for (const predicate of PREDICATES.keys()) {
    const own = facts.filter((fact) => fact.predicate === predicate);
    if (!own.length) continue;
    body.append(make("details", { open: "" },
      make("summary", {}, sayPredicate(predicate), " ", make("span", { class: "count" }, String(own.length))),
      makeCut(own, makeFact)));
  }
}

/** The first entries at once, the others when asked for: a hub has thousands. */
function makeCut(entries, build) {
  const box = make("div", {}, ...entries.slice(0, FIRST).map(build));
  if (entries.length > FIRST) {
    const more = make("button", { type: "button", class: "more" }, say("panel.more", entries.length - FIRST));
    more.addEventListener("click", () => more.replaceWith(...entries.slice(FIRST).map(build)));
    box.append(more);
  }
  return box;
}

function makeTraits(pairs) {
  const list = make("dl", {});
  for (const [key, value] of pairs) if (value) list.append(make("dt", {}, say(key)), make("dd", {}, value));
  return list.children.length ? list : null;
}

function makeFact(fact) {
  const traits = ["programmes", "year", "headcount", "role", "status", "since", "designation", "shared"]
    .map((key) => [`fact.${key}`, (fact[key] || []).join(comma())]);
  return make("div", { class: "fact" },
    (fact.modes || []).length ? make("p", { class: "modes" }, ...fact.modes.map((mode) => make("span", {}, sayMode(mode)))) : null,
    makeTraits(traits),
    fact.evidence ? make("blockquote", {}, String(fact.evidence)) : null,
    make("p", { class: "source" }, sourceText(fact)));
}

/** Report, year, section, page, table and row, as far as known. */
function sourceText(fact) {
  const known = fact.report !== undefined && Object.hasOwn(GRAPH.reports, fact.report) ? GRAPH.reports[fact.report] : {};
  const title = known.title || fact.report || "";
  const year = known.year ? say("fact.year.report", known.year) : "";
  const report = title && year ? (language ? `${title} (${year})` : `《${title}》（${year}）`) : title || year;
  return [
    report,
    fact.section || "",
    fact.page !== undefined ? say("fact.page", fact.page) : "",
    [fact.table ? say("fact.table", fact.table) : "", fact.row ? say("fact.row", fact.row) : ""].filter(Boolean).join(language ? " " : ""),
  ].filter(Boolean).join(" · ");
}
