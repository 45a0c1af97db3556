"use strict";
// The part of the address after "#": what is selected and switched, where one looks, and the language. A link with it
// opens the same view again, and the browser's own history leads back and forward.

const PATIENCE = 300; // milliseconds after which a place one has moved to is written down

let initial = null; // the switches as the page begins: only what differs from them is written
let step = 0, lastStep = 0; // where in the history one is
let waiting = 0;
let written = ""; // the address of the present entry, without the place one looks at

function keepInitial() {
  initial = Object.fromEntries(Object.keys(SWITCHES).map((kind) => [kind, new Set(hidden[kind])]));
}

function resetSwitches() {
  for (const kind of Object.keys(SWITCHES)) hidden[kind] = new Set(initial[kind]);
  hidden.lonely = true;
  opened.clear();
  folded.clear();
}

/** The state but for the place, as parameters. Entities are named by IRI, since a page drawn anew numbers them anew. */
function describeState() {
  const state = new URLSearchParams();
  const iri = (id) => GRAPH.entities[id].iri;
  if (selected && selected.node !== undefined) state.append("node", iri(selected.node));
  else if (selected && selected.line !== undefined) {
    for (const end of ["from", "to"]) state.append("line", iri(GRAPH.edges[selected.line][end]));
  } else if (selected) selected.path.forEach((id) => state.append("path", iri(id)));
  for (const [kind, keys] of Object.entries(SWITCHES)) {
    for (const key of keys.keys()) {
      if (hidden[kind].has(key) !== initial[kind].has(key)) state.append(hidden[kind].has(key) ? "hide" : "show", `${kind} ${key}`);
    }
  }
  if (!hidden.lonely) state.append("show", "lonely");
  for (const id of opened) state.append("open", iri(id));
  for (const id of folded) state.append("fold", iri(id));
  if (language) state.append("lang", "en");
  return state.toString();
}

/** Where one looks, in the layout's own measures, so that another screen shows the same part. */
function describePlace() {
  const { x, y } = toLayout(network.getViewPosition());
  return `at=${Math.round(x)},${Math.round(y)},${Number((network.getScale() / fitScale()).toPrecision(4))}`;
}

function writeEntry(push) {
  const address = `#${[written, describePlace()].filter(Boolean).join("&")}`;
  try {
    history[push ? "pushState" : "replaceState"]({ step }, "", address);
  } catch (error) {
    if (error.name !== "SecurityError") throw error; // a frame may forbid it: the page works without
  }
}

/** Write down where one looks now, in the present entry. */
function keepPlace() {
  clearTimeout(waiting);
  waiting = 0;
  writeEntry(false);
}

function keepPlaceSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(keepPlace, PATIENCE);
}

/** Begin a new entry of the history if the state has changed. */
function keepState() {
  const state = describeState();
  if (state === written) return;
  keepPlace();
  written = state;
  step += 1;
  lastStep = step;
  writeEntry(true);
  showWays();
}

/** Show the buttons that lead back and forward where there is a way. */
function showWays() {
  byId("back").hidden = !step;
  byId("forward").hidden = step >= lastStep;
}

/** Take over the state that the address names; what it names that is not here is passed over. */
function readState(state) {
  resetSwitches();
  const find = (name) => state.getAll(name).map((iri) => IDS.get(iri)).filter((id) => id !== undefined);
  const [node] = find("node"), ends = find("line"), path = find("path");
  selected = null;
  if (node !== undefined) selected = { node };
  else if (path.length === 2) selected = { path };
  else if (ends.length === 2) {
    const line = linesOfNode[ends[0]].find((id) => otherEnd(id, ends[0]) === ends[1]);
    if (line !== undefined) selected = { line };
  }
  for (const [name, on] of [["hide", false], ["show", true]]) {
    for (const entry of state.getAll(name)) {
      const [kind, key] = [entry.split(" ", 1)[0], entry.slice(entry.indexOf(" ") + 1)];
      if (entry === "lonely") hidden.lonely = !on;
      else if (Object.hasOwn(SWITCHES, kind) && SWITCHES[kind].has(key)) hidden[kind][on ? "delete" : "add"](key);
    }
  }
  find("open").forEach((id) => opened.add(id));
  find("fold").forEach((id) => folded.add(id));
  language = state.get("lang") === "en" ? 1 : 0;
}

/** Look where the address says; false where it says nothing that can be read. */
function readPlace(state) {
  const [x, y, zoom] = (state.get("at") || "").split(",").map(Number);
  if (![x, y, zoom].every(Number.isFinite) || zoom <= 0) return false;
  network.moveTo({ position: toDrawn({ x, y }), scale: Math.min(8, Math.max(0.01, zoom * fitScale())), animation: false });
  return true;
}

const readAddress = () => new URLSearchParams(location.hash.slice(1));

function startHistory() {
  step = lastStep = Number((history.state || {}).step) || 0;
  written = describeState();
  window.addEventListener("popstate", () => {
    clearTimeout(waiting);
    if (history.state && Number.isInteger(history.state.step)) step = history.state.step;
    else lastStep = step += 1; // an address put in by hand
    const state = readAddress();
    readState(state);
    written = describeState();
    stopPicking();
    sayEverything();
    if (!readPlace(state)) fit();
    if (!history.state) keepPlaceSoon();
  });
  byId("back").addEventListener("click", () => history.back());
  byId("forward").addEventListener("click", () => history.forward());
}
