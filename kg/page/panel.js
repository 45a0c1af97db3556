"use strict";
// The side panel: an entity or a line with its facts, each with the words it was read from and their place.

const FIRST = 30; // facts of a group shown at once
const FEW = 12; // programmes named at the head of a panel
const GROUPINGS = ["other", "mode", "year"]; // by what partners can be put in order
let grouping = "other";

function showPanel() {
  const body = byId("panel-body");
  const wasInside = byId("panel").contains(document.activeElement);
  body.replaceChildren();
  if (!selected) showOverview(body);
  else if (selected.path) showPath(body, selected.path);
  else if (selected.node !== undefined) showNode(body, selected.node);
  else showLine(body, selected.line);
  byId("panel").classList.toggle("open", Boolean(selected));
  byId("close").hidden = !selected;
  showWays();
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
  const { province, name: town } = entity.place || {};
  const regions = [...entity.region.filter((name) => name !== town), [...new Set([province, town])].join(" ")].filter(Boolean);
  const classes = (entity.classes || []).map((one) => `${one.category} / ${one.name}`);
  const traits = makeTraits([
    ["panel.aliases", entity.aliases.join(comma())],
    ["panel.region", regions.join(comma())],
    ["panel.classes", [...new Set(classes)].join(comma())],
    ["fact.programmes", sayFew(programmesOf(id))],
  ]);
  body.append(
    make("h2", {}, NAMES[id]),
    make("p", { class: "type" }, makeMark(styleOf(entity.type)), sayType(entity.type)),
    ...(traits ? [traits] : []),
    makeActions(id),
  );
  if (!facts.length) body.append(make("p", {}, say("panel.nofacts")));
  if (facts.some((fact) => fact.kinds.length)) body.append(makeGroupings());
  const groups = new Map();
  for (const predicate of PREDICATES.keys()) {
    for (const forward of [true, false]) groups.set(`${predicate} ${forward}`, { predicate, forward, facts: [] });
  }
  for (const fact of facts) groups.get(`${fact.predicate} ${fact.from === id}`).facts.push(fact);
  for (const each of groups.values()) {
    if (!each.facts.length) continue;
    const others = new Set(each.facts.map((fact) => (each.forward ? fact.to : fact.from)));
    body.append(make("details", { open: "" },
      make("summary", {}, sayDirection(each.predicate, each.forward), " ", make("span", { class: "count" }, String(others.size))),
      ...makeGroups(each)));
  }
  body.append(make("p", { class: "iri" }, say("panel.iri"), " ", make("code", {}, entity.iri)));
}

/** The facts of one relation of a node, by neighbour; those that have modes by mode or year first, if so chosen. */
function makeGroups({ predicate, forward, facts }) {
  if (grouping === "other" || !withModes.has(predicate)) return [makeNeighbours(facts, forward)];
  const [keys, keysOf, sayIt] = grouping === "mode" ? [[...MODES.keys()], (fact) => fact.kinds, sayKey.mode]
    : [[...YEARS.keys()].filter(Boolean).reverse().concat(UNSAID), (fact) => fact.years, sayKey.year];
  return keys.map((key) => [key, facts.filter((fact) => keysOf(fact).includes(key))]).filter(([, own]) => own.length)
    .map(([key, own]) => make("details", { class: "inner", open: "" },
      make("summary", {}, grouping === "mode" && key ? makeLine(modeLook(key)) : null, sayIt(key), " ",
        make("span", { class: "count" }, String(new Set(own.map((fact) => (forward ? fact.to : fact.from))).size))),
      makeNeighbours(own, forward)));
}

function makeNeighbours(facts, forward) {
  const byOther = new Map();
  for (const fact of facts) group(byOther, forward ? fact.to : fact.from, fact);
  const entries = [...byOther].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  return makeCut(entries, ([other, own]) => make("div", { class: "other" }, makeNodeButton(other), ...own.map(makeFact)));
}

function makeGroupings() {
  return make("div", { class: "choice", role: "group", "aria-label": say("panel.by") }, say("panel.by"), ...GROUPINGS.map((one) =>
    make("button", {
      type: "button", "aria-pressed": String(one === grouping), "data-by": one,
      onclick: () => {
        grouping = one;
        showPanel();
        document.querySelector(`[data-by="${one}"]`).focus();
      },
    }, say(`panel.by.${one}`))));
}

/** The programmes that a school offers or that its facts name, the most frequent first. */
function programmesOf(id) {
  const counts = new Map();
  const count = (name) => counts.set(name, (counts.get(name) || 0) + 1);
  for (const fact of factsOfNode[id]) {
    if (fact.predicate === "offersProgramme" && fact.from === id) count(NAMES[fact.to]);
    (fact.programmes || []).forEach(count);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

function sayFew(names) {
  if (names.length <= FEW) return names.join(comma());
  return say("panel.few", names.slice(0, FEW).join(comma()), names.length);
}

/** What can be done with a node besides reading: open and fold it, begin a path. */
function makeActions(id) {
  const unseen = countUnseen(id), away = folded.has(id);
  const button = (key, act, ...values) => make("button", { type: "button", "data-act": key, onclick: act }, say(key, ...values));
  return make("div", { class: "actions" },
    unseen ? button("panel.unfold", () => unfold(id), unseen) : null,
    !away && seen.degree[id] ? button("panel.fold", () => fold(id)) : null,
    away || opened.has(id) ? button("panel.asbefore", () => change(() => { folded.delete(id); opened.delete(id); })) : null,
    linesOfNode[id].length ? button("panel.path", () => startPicking(id)) : null);
}

function showPath(body, [from, to]) {
  body.append(make("h2", {}, say("path.title")));
  if (!steps) {
    body.append(make("p", {}, say("path.none", NAMES[from], NAMES[to])),
      make("div", { class: "actions" }, make("button", { type: "button", onclick: () => {
        change(() => {
          for (const kind of Object.keys(SWITCHES)) hidden[kind].clear();
          folded.clear();
        });
        if (steps) moveTo();
      } }, say("path.all"))));
    return;
  }
  body.append(make("p", { class: "type" }, say("path.steps", steps.lines.length)),
    make("ol", { class: "path" }, ...steps.nodes.map((id, at) => make("li", {}, makeNodeButton(id),
      at < steps.lines.length ? make("details", {},
        make("summary", {}, makeLine(lookOf(steps.lines[at])), lineText(steps.lines[at]) || say("panel.facts", factsOfLine[steps.lines[at]].length)),
        makeCut(factsOfLine[steps.lines[at]], makeFact)) : null))));
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
  if (fact.shared) return makeShared(fact);
  const traits = ["programmes", "year", "headcount", "role", "status", "since", "designation"]
    .filter((key) => key !== "year" || fact.yearOf !== "report") // that stands with the report's name
    .map((key) => [`fact.${key}`, (fact[key] || []).join(comma())]);
  return make("div", { class: "fact" },
    (fact.modes || []).length ? make("p", { class: "modes" }, ...fact.modes.map((mode) => make("span", {}, sayMode(mode)))) : null,
    makeTraits(traits),
    fact.evidence ? make("blockquote", {}, String(fact.evidence)) : null,
    make("p", { class: "source" }, sourceText(fact)));
}

/** The partners that two schools share, each with the facts of both. */
function makeShared(fact) {
  const ofSchool = (id, partner) => {
    const own = GRAPH.behind[`${id} ${partner}`] || [];
    return own.length ? [make("h4", {}, NAMES[id]), makeCut(own, makeFact)] : [];
  };
  return makeCut(fact.shared, (partner) => make("details", { class: "inner", "data-shared": partner },
    make("summary", {}, partner), ...ofSchool(fact.from, partner), ...ofSchool(fact.to, partner)));
}

/** Report, year, section, page, table and row, as far as known. */
function sourceText(fact) {
  const known = reportOf(fact);
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
