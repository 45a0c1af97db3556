"use strict";
// What there is, and which of it is seen at present.

const GRAPH = JSON.parse(byId("graph-data").textContent);
const NAMES = GRAPH.nodes.map((node) => node.label);
const typeOf = (id) => GRAPH.entities[id].type;
const styleOf = (type) => (Object.hasOwn(GRAPH.options.groups, type) && type !== "useDefaultGroups"
  ? GRAPH.options.groups[type] : GRAPH.options.groups.Other);
const lineOf = (predicate) => (Object.hasOwn(GRAPH.lines, predicate) ? GRAPH.lines[predicate] : GRAPH.otherLine);

const TYPES = new Map(); // type → ids of its nodes, in the legend's order
for (const type of Object.keys(GRAPH.options.groups)) TYPES.set(type, []);
GRAPH.nodes.forEach((node) => {
  if (!TYPES.has(typeOf(node.id))) TYPES.set(typeOf(node.id), []);
  TYPES.get(typeOf(node.id)).push(node.id);
});
for (const [type, ids] of TYPES) if (!ids.length) TYPES.delete(type);

const PREDICATES = new Map(); // predicate → its facts
for (const predicate of Object.keys(GRAPH.lines)) PREDICATES.set(predicate, []);
const factsOfLine = GRAPH.edges.map(() => []);
const factsOfNode = GRAPH.nodes.map(() => []);
for (const fact of GRAPH.facts) {
  if (!PREDICATES.has(fact.predicate)) PREDICATES.set(fact.predicate, []);
  PREDICATES.get(fact.predicate).push(fact);
  if (fact.line !== undefined) factsOfLine[fact.line].push(fact);
  factsOfNode[fact.from].push(fact);
  if (fact.from !== fact.to) factsOfNode[fact.to].push(fact);
}
for (const [predicate, facts] of PREDICATES) if (!facts.length) PREDICATES.delete(predicate);

const linesOfNode = GRAPH.nodes.map(() => []);
GRAPH.edges.forEach((line) => {
  linesOfNode[line.from].push(line.id);
  linesOfNode[line.to].push(line.id);
});

const hidden = { types: new Set(), predicates: new Set(GRAPH.off), lonely: true };
const seen = { nodes: new Set(), lines: new Set(), degree: GRAPH.nodes.map(() => 0) };
let selected = null; // {node: id} or {line: id}

const lineIsOn = (id) => factsOfLine[id].some((fact) => !hidden.predicates.has(fact.predicate))
  && [GRAPH.edges[id].from, GRAPH.edges[id].to].every((end) => !hidden.types.has(typeOf(end)));

/** Work out what is seen. What is selected is always seen; if its lines are all hidden, they are shown with it. */
function updateSeen() {
  seen.nodes.clear();
  seen.lines.clear();
  seen.degree.fill(0);
  const show = (id) => {
    if (seen.lines.has(id)) return;
    seen.lines.add(id);
    for (const end of [GRAPH.edges[id].from, GRAPH.edges[id].to]) {
      seen.nodes.add(end);
      seen.degree[end] += 1;
    }
  };
  for (const line of GRAPH.edges) if (lineIsOn(line.id)) show(line.id);
  if (!hidden.lonely) {
    for (const node of GRAPH.nodes) {
      if (!linesOfNode[node.id].length && !hidden.types.has(typeOf(node.id))) seen.nodes.add(node.id);
    }
  }
  for (const id of GRAPH.focus) if (!hidden.types.has(typeOf(id))) seen.nodes.add(id);
  if (selected && selected.line !== undefined) show(selected.line);
  if (selected && selected.node !== undefined && !seen.degree[selected.node]) {
    seen.nodes.add(selected.node);
    linesOfNode[selected.node].forEach(show);
  }
}

/** The predicates that join nodes of a type to others. */
function predicatesOfType(type) {
  return new Set(TYPES.get(type).flatMap((id) => factsOfNode[id].map((fact) => fact.predicate)));
}

/** Types whose lines are all hidden count as hidden themselves: their box in the legend is not ticked. */
function untickBareTypes() {
  for (const type of TYPES.keys()) {
    const own = predicatesOfType(type);
    if (own.size && [...own].every((predicate) => hidden.predicates.has(predicate))) hidden.types.add(type);
  }
}

function switchType(type, on) {
  if (!on) return hidden.types.add(type);
  hidden.types.delete(type);
  const own = predicatesOfType(type);
  if (own.size && [...own].every((predicate) => hidden.predicates.has(predicate))) {
    for (const predicate of own) switchPredicate(predicate, true);
  }
}

function switchPredicate(predicate, on) {
  if (!on) {
    hidden.predicates.add(predicate);
    return untickBareTypes();
  }
  hidden.predicates.delete(predicate);
  for (const fact of PREDICATES.get(predicate)) {
    hidden.types.delete(typeOf(fact.from));
    hidden.types.delete(typeOf(fact.to));
  }
}

/** What a line says in the picture: the modes of its facts, else what joins the two. */
function lineText(id) {
  const on = factsOfLine[id].filter((fact) => !hidden.predicates.has(fact.predicate));
  const facts = on.length ? on : factsOfLine[id];
  const modes = [...new Set(facts.flatMap((fact) => fact.modes || []))].map(sayMode);
  const others = [...new Set(facts.filter((fact) => !(fact.modes || []).length).map((fact) => fact.predicate))];
  const words = [...modes, ...others.map((predicate) => pick("onLine", predicate)).filter(Boolean)];
  if (words.length <= 2) return words.join(comma());
  return say("label.more", words.slice(0, 2).join(comma()), words.length, words.length - 2);
}
