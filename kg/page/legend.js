"use strict";
// The legend: what the marks and lines mean, how many there are, and boxes that hide them.

function makeSwitch(mark, text, on, shown, total, change, key) {
  const box = make("input", { type: "checkbox", "data-key": key });
  box.checked = on;
  box.addEventListener("change", () => change(box.checked));
  return make("li", {}, make("label", { class: "row" }, box, mark, make("span", {}, text),
    make("span", { class: "count" }, shown === total ? String(total) : `${shown}/${total}`)));
}

function showLegend() {
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : null;
  byId("types").replaceChildren(...[...TYPES].map(([type, ids]) => makeSwitch(
    makeMark(styleOf(type)), sayType(type), !hidden.types.has(type),
    ids.filter((id) => seen.nodes.has(id)).length, ids.length,
    (on) => { switchType(type, on); refresh(); }, `type ${type}`)));
  byId("predicates").replaceChildren(...[...PREDICATES].map(([predicate, facts]) => makeSwitch(
    makeLine(lineOf(predicate)), sayPredicate(predicate), !hidden.predicates.has(predicate),
    facts.length, facts.length,
    (on) => { switchPredicate(predicate, on); refresh(); }, `predicate ${predicate}`)));
  const lonely = linesOfNode.filter((lines) => !lines.length).length;
  byId("lonely-row").hidden = !lonely;
  byId("lonely").checked = !hidden.lonely;
  byId("lonely-count").textContent = String(lonely);
  // The boxes were made anew: whoever works by keyboard must not lose the place.
  if (focused) for (const box of document.querySelectorAll("#legend input")) if (box.dataset.key === focused) box.focus();
}

function showNote() {
  const parts = [];
  if (!GRAPH.nodes.length) parts.push(say("note.empty"));
  else if (!seen.nodes.size) parts.push(say("note.hidden"));
  else parts.push(say("note.counts", seen.nodes.size, seen.lines.size));
  if (GRAPH.focus.length) parts.push(say("note.focus", NAMES[GRAPH.focus[0]].slice(0, 40)));
  if (GRAPH.leftOut) parts.push(say("note.left", GRAPH.nodes.length, GRAPH.leftOut));
  byId("note").textContent = parts.join(language ? ". " : "。");
}
