"use strict";
// What there is, and which of it is seen at present.

const GRAPH = JSON.parse(byId("graph-data").textContent);
const NAMES = GRAPH.nodes.map((node) => node.label);
const IDS = new Map(GRAPH.entities.map((entity, id) => [entity.iri, id]));
const typeOf = (id) => GRAPH.entities[id].type;
const styleOf = (type) => (Object.hasOwn(GRAPH.options.groups, type) && type !== "useDefaultGroups"
  ? GRAPH.options.groups[type] : GRAPH.options.groups.Other);
const lineOf = (predicate) => (Object.hasOwn(GRAPH.lines, predicate) ? GRAPH.lines[predicate] : GRAPH.otherLine);
const MODE_LOOKS = new Map((GRAPH.modes || []).map((mode) => [mode.name, mode]));
const modeLook = (mode) => MODE_LOOKS.get(mode) || GRAPH.otherLine;
const reportOf = (fact) => (Object.hasOwn(GRAPH.reports, fact.report) ? GRAPH.reports[fact.report] : {});
const UNSAID = ""; // the key of facts that tell no mode or no year

const yearsIn = (value) => [value ?? []].flat().flatMap((year) => String(year).match(/(?<!\d)(?:19|20)\d\d(?!\d)/g) || []);

function group(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}

const TYPES = new Map(Object.keys(GRAPH.options.groups).map((type) => [type, []])); // type → ids, in the legend's order
const PREDICATES = new Map(Object.keys(GRAPH.lines).map((predicate) => [predicate, []])); // predicate → its facts
const MODES = new Map([...MODE_LOOKS.keys()].map((mode) => [mode, []])); // mode → facts of predicates that have modes
const YEARS = new Map(); // year → facts
const factsOfLine = GRAPH.edges.map(() => []);
const factsOfNode = GRAPH.nodes.map(() => []);
const withModes = new Set(GRAPH.facts.filter((fact) => (fact.modes || []).length).map((fact) => fact.predicate));
for (const node of GRAPH.nodes) group(TYPES, typeOf(node.id), node.id);
for (const fact of GRAPH.facts) {
  const own = [...new Set(yearsIn(fact.year))];
  fact.years = own.length ? own : yearsIn(reportOf(fact).year);
  if (!fact.years.length) fact.years = [UNSAID];
  fact.kinds = !withModes.has(fact.predicate) ? [] : (fact.modes || []).length ? fact.modes : [UNSAID];
  group(PREDICATES, fact.predicate, fact);
  for (const year of fact.years) group(YEARS, year, fact);
  for (const mode of fact.kinds) group(MODES, mode, fact);
  if (fact.line !== undefined) factsOfLine[fact.line].push(fact);
  factsOfNode[fact.from].push(fact);
  if (fact.from !== fact.to) factsOfNode[fact.to].push(fact);
}
const sortKeys = (map) => {
  for (const [key, value] of [...map].sort(([a], [b]) => (!a) - (!b) || (a < b ? -1 : 1))) {
    map.delete(key);
    map.set(key, value);
  }
};
sortKeys(YEARS);
if (MODES.has(UNSAID)) {
  const unsaid = MODES.get(UNSAID);
  MODES.delete(UNSAID);
  MODES.set(UNSAID, unsaid);
}
for (const map of [TYPES, PREDICATES, MODES]) for (const [key, all] of map) if (!all.length) map.delete(key);

const linesOfNode = GRAPH.nodes.map(() => []);
GRAPH.edges.forEach((line) => {
  linesOfNode[line.from].push(line.id);
  linesOfNode[line.to].push(line.id);
});
const otherEnd = (line, id) => (GRAPH.edges[line].from === id ? GRAPH.edges[line].to : GRAPH.edges[line].from);

/** What the legend can hide, by the kind of its boxes. */
const SWITCHES = { type: TYPES, predicate: PREDICATES, mode: MODES, year: YEARS };
const hidden = { type: new Set(), predicate: new Set(GRAPH.off), mode: new Set(), year: new Set(), lonely: true };
const opened = new Set(); // nodes all of whose lines are shown, whatever the legend hides
const folded = new Set(); // nodes that keep to themselves what hangs on them alone
const seen = { nodes: new Set(), lines: new Set(), degree: GRAPH.nodes.map(() => 0), away: new Map() };
let selected = null; // {node: id}, {line: id} or {path: [id, id]}
let steps = null; // of a selected path: {nodes, lines}, or null where there is none

const factIsOn = (fact) => !hidden.predicate.has(fact.predicate)
  && (!fact.kinds.length || fact.kinds.some((mode) => !hidden.mode.has(mode)))
  && fact.years.some((year) => !hidden.year.has(year));
const lineIsOn = (line) => opened.has(line.from) || opened.has(line.to)
  || (!hidden.type.has(typeOf(line.from)) && !hidden.type.has(typeOf(line.to)) && factsOfLine[line.id].some(factIsOn));

function uncover(id) {
  if (seen.lines.has(id)) return;
  seen.lines.add(id);
  for (const end of [GRAPH.edges[id].from, GRAPH.edges[id].to]) {
    seen.nodes.add(end);
    seen.degree[end] += 1;
  }
}

/** Work out what is seen. What is selected is always seen; if its lines are all hidden, they are shown with it. */
function updateSeen() {
  seen.nodes.clear();
  seen.lines.clear();
  seen.degree.fill(0);
  for (const line of GRAPH.edges) if (lineIsOn(line)) uncover(line.id);
  if (!hidden.lonely) {
    for (const node of GRAPH.nodes) {
      if (!linesOfNode[node.id].length && !hidden.type.has(typeOf(node.id))) seen.nodes.add(node.id);
    }
  }
  for (const id of [...GRAPH.focus, ...opened]) if (opened.has(id) || !hidden.type.has(typeOf(id))) seen.nodes.add(id);
  foldAway();
  if (!selected) return;
  if (selected.path) {
    steps = findPath(...selected.path);
    selected.path.forEach((id) => seen.nodes.add(id));
  } else if (selected.line !== undefined) uncover(selected.line);
  else if (!seen.degree[selected.node]) {
    seen.nodes.add(selected.node);
    if (!folded.has(selected.node)) linesOfNode[selected.node].forEach(uncover);
  }
}

/** Take out what hangs on folded nodes alone, and count it for each of them. */
function foldAway() {
  seen.away.clear();
  const kept = new Set([...folded, ...GRAPH.focus, ...(selected ? [selected.node, ...(selected.path || [])] : [])]);
  const around = (id) => linesOfNode[id].filter((line) => seen.lines.has(line));
  const leaving = new Set();
  for (const id of folded) {
    const own = around(id).map((line) => otherEnd(line, id))
      .filter((other) => !kept.has(other) && around(other).every((line) => folded.has(otherEnd(line, other))));
    if (own.length) seen.away.set(id, own.length);
    own.forEach((other) => leaving.add(other));
  }
  for (const id of leaving) {
    for (const line of around(id)) {
      seen.lines.delete(line);
      seen.degree[otherEnd(line, id)] -= 1;
    }
    seen.degree[id] = 0;
    seen.nodes.delete(id);
  }
}

/** How many of a node's neighbours are not seen. */
const countUnseen = (id) => linesOfNode[id].filter((line) => !seen.lines.has(line)).length;

/** A shortest way between two nodes over the lines that are seen: its nodes and lines in order, else null. */
function findPath(from, to) {
  const cameBy = new Map([[from, null]]);
  for (const id of cameBy.keys()) { // a Map goes on to what is added on the way
    if (id === to) break;
    for (const line of linesOfNode[id]) {
      const next = otherEnd(line, id);
      if (seen.lines.has(line) && !cameBy.has(next)) cameBy.set(next, line);
    }
  }
  if (!cameBy.has(to)) return null;
  const nodes = [to], lines = [];
  while (cameBy.get(nodes[0]) !== null) {
    const line = cameBy.get(nodes[0]);
    lines.unshift(line);
    nodes.unshift(otherEnd(line, nodes[0]));
  }
  return { nodes, lines };
}

/** What stands out from the rest: the selection with its neighbours. */
function standOut() {
  if (!selected) return null;
  if (selected.path) return { nodes: new Set(steps ? steps.nodes : selected.path), lines: steps ? steps.lines : [] };
  const lines = selected.line !== undefined ? [selected.line]
    : linesOfNode[selected.node].filter((id) => seen.lines.has(id));
  const nodes = new Set(selected.node !== undefined ? [selected.node] : []);
  for (const id of lines) nodes.add(GRAPH.edges[id].from).add(GRAPH.edges[id].to);
  return { nodes, lines };
}

/** The predicates that join nodes of a type to others. */
function predicatesOfType(type) {
  return new Set(TYPES.get(type).flatMap((id) => factsOfNode[id].map((fact) => fact.predicate)));
}

/** Types whose lines are all hidden count as hidden themselves: their box in the legend is not ticked. */
function untickBareTypes() {
  for (const type of TYPES.keys()) {
    const own = predicatesOfType(type);
    if (own.size && [...own].every((predicate) => hidden.predicate.has(predicate))) hidden.type.add(type);
  }
}

/** Tick or untick a box of the legend, with what cannot be seen without the other. */
function switchOne(kind, key, on) {
  if (!on) hidden[kind].add(key);
  else hidden[kind].delete(key);
  if (kind === "predicate" && !on) untickBareTypes();
  else if (kind === "predicate") {
    for (const fact of PREDICATES.get(key)) [fact.from, fact.to].forEach((id) => hidden.type.delete(typeOf(id)));
  } else if (kind === "type" && on) {
    const own = predicatesOfType(key);
    if (own.size && [...own].every((predicate) => hidden.predicate.has(predicate))) {
      for (const predicate of own) switchOne("predicate", predicate, true);
    }
  }
}

/** The facts of a line that the legend shows; all of them where it hides all, since the line is seen for another reason. */
function factsShown(id) {
  const on = factsOfLine[id].filter(factIsOn);
  return on.length ? on : factsOfLine[id];
}

/** How a line looks: by its most frequent mode, else by its predicate. */
function lookOf(id) {
  const facts = factsShown(id);
  const counts = new Map();
  for (const fact of facts) {
    for (const mode of fact.kinds) if (mode && !hidden.mode.has(mode)) counts.set(mode, (counts.get(mode) || 0) + 1);
  }
  let first = null;
  for (const mode of MODES.keys()) if (counts.has(mode) && !(counts.get(first) >= counts.get(mode))) first = mode;
  if (first !== null) return modeLook(first);
  const told = new Set(facts.map((fact) => fact.predicate));
  return lineOf([...PREDICATES.keys()].find((predicate) => told.has(predicate)));
}

/** What a line says in the picture: the modes of its facts, else what joins the two. */
function lineText(id) {
  const facts = factsShown(id);
  const modes = [...new Set(facts.flatMap((fact) => fact.modes || []))]
    .filter((mode, _, all) => !hidden.mode.has(mode) || all.every((each) => hidden.mode.has(each))).map(sayMode);
  const others = [...new Set(facts.filter((fact) => !(fact.modes || []).length).map((fact) => fact.predicate))];
  const words = [...modes, ...others.map((predicate) => pick("onLine", predicate)).filter(Boolean)];
  if (words.length <= 2) return words.join(comma());
  return say("label.more", words.slice(0, 2).join(comma()), words.length, words.length - 2);
}
