"use strict";
// The query page: runs the text of the editor and shows rows. All that comes back is put in as text.

const WORDS = JSON.parse(document.getElementById("words").textContent);
const HEADINGS = WORDS.headings; // of the columns of a query of the library
const DATA = "https://w3id.org/zhijiao-kg/id/";
const ONTOLOGY = "https://w3id.org/zhijiao-kg/ontology#";
const SHOWN = 500; // rows put into the page at once
const LONG = 24; // characters that make a wide cell
const byId = (id) => document.getElementById(id);
const editor = byId("query");
const form = byId("editor");
let asked = null; // the request under way
let table = null; // what is shown: columns, rows, how many of them are in the page

function say(key, ...values) {
  return WORDS[key].replace(/\{(\d)\}/g, (_, at) => String(values[at]));
}

function make(name, text = "", properties = {}) {
  const element = document.createElement(name);
  element.textContent = text;
  return Object.assign(element, properties);
}

// ---- the editor: numbers of lines, the line of an error

function number(wrong = 0) {
  const count = editor.value.split("\n").length;
  byId("numbers").replaceChildren(
    ...Array.from({ length: count }, (_, at) => make("span", `${at + 1}`, { className: at + 1 === wrong ? "wrong" : "" })),
  );
  byId("numbers").scrollTop = editor.scrollTop;
}

function showError(text) {
  const place = /line (\d+), column (\d+)/.exec(text);
  byId("status").className = "problem";
  byId("status").textContent = text;
  editor.setAttribute("aria-invalid", "true");
  if (!place) return;
  const [line, column] = [Number(place[1]), Number(place[2])];
  number(line);
  const before = editor.value.split("\n").slice(0, line - 1);
  const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  editor.focus({ preventScroll: true });
  editor.setSelectionRange(at, at);
  byId("status").scrollIntoView({ block: "nearest" });
}

editor.addEventListener("input", () => number());
editor.addEventListener("scroll", () => (byId("numbers").scrollTop = editor.scrollTop));
editor.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit();
});

// ---- running

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
byId("stop").addEventListener("click", () => asked?.abort());

async function run() {
  asked?.abort();
  const mine = (asked = new AbortController());
  const text = editor.value;
  byId("answer").hidden = false;
  byId("downloads").hidden = byId("more").hidden = true;
  byId("rows").replaceChildren();
  editor.removeAttribute("aria-invalid");
  number();
  byId("status").className = "";
  byId("status").textContent = say("running");
  byId("stop").hidden = false;
  const began = performance.now();
  try {
    const answer = await fetch("/sparql", {
      method: "POST",
      body: new URLSearchParams({ query: text }),
      headers: { accept: "application/sparql-results+json, application/n-triples;q=0.9" },
      signal: mine.signal,
    });
    const body = await answer.text();
    if (mine !== asked) return;
    const time = Math.round(performance.now() - began);
    if (!answer.ok) showError(body.trim());
    else if (answer.headers.get("content-type").startsWith("application/n-triples")) showTriples(body, time, text);
    else showTable(JSON.parse(body), time, text);
  } catch (error) {
    if (mine !== asked) return;
    byId("status").textContent = say(error.name === "AbortError" ? "stopped" : "failed");
  } finally {
    if (mine === asked) byId("stop").hidden = true;
  }
}

// ---- answers

function offerDownloads(text, formats) {
  byId("downloads").elements.query.value = text;
  byId("formats").replaceChildren(
    ...formats.map(([value, name]) => make("button", name, { type: "submit", name: "format", value })),
  );
  byId("downloads").hidden = false;
}

function showTable(answer, time, text) {
  if ("boolean" in answer) {
    byId("status").textContent = `${say(answer.boolean ? "yes" : "no")} (${time} ms)`;
    offerDownloads(text, [["json", "JSON"], ["xml", "XML"]]);
    return;
  }
  const columns = answer.head.vars;
  const rows = answer.results.bindings.map((each) => columns.map((column) => each[column]));
  byId("status").textContent = rows.length ? say("rows", rows.length, time) : `${say("nothing")} (${time} ms)`;
  offerDownloads(text, [["csv", "CSV"], ["tsv", "TSV"], ["json", "JSON"], ["xml", "XML"]]);
  if (rows.length) drawTable(columns, rows);
}

function showTriples(body, time, text) {
  const lines = body.split("\n").filter(Boolean);
  byId("status").textContent = say("triples", lines.length, time);
  offerDownloads(text, [["ttl", "Turtle"], ["nt", "N-Triples"], ["jsonld", "JSON-LD"], ["rdf", "RDF/XML"]]);
  const term = /<([^>]*)>|(_:\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?/g;
  const rows = lines.map((line) =>
    [...line.matchAll(term)].slice(0, 3).map((found) => {
      if (found[1] !== undefined) return { type: "uri", value: found[1] };
      if (found[2] !== undefined) return { type: "bnode", value: found[2] };
      return { type: "literal", value: unescapeText(found[3]), "xml:lang": found[4], datatype: found[5] };
    }),
  );
  if (rows.length) drawTable(["subject", "predicate", "object"], rows);
}

function unescapeText(text) {
  const signs = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs, (_, short, long, sign) =>
    sign ? (signs[sign] ?? sign) : String.fromCodePoint(parseInt(short ?? long, 16)),
  );
}

function drawTable(columns, rows) {
  const head = make("tr");
  columns.forEach((name, at) => {
    const cell = make("th", "", { scope: "col" });
    const button = make("button", HEADINGS[name] ?? name, { type: "button", title: say("sort") });
    button.addEventListener("click", () => sortBy(at));
    cell.append(button);
    head.append(cell);
  });
  const whole = make("table");
  const body = make("tbody");
  const top = make("thead");
  top.append(head);
  whole.append(top, body);
  byId("rows").replaceChildren(whole);
  table = { rows, body, head, shown: 0, sorted: -1, down: false };
  showMore();
}

function showMore() {
  for (const row of table.rows.slice(table.shown, table.shown + SHOWN)) {
    const line = make("tr");
    for (const term of row) line.append(drawTerm(term));
    table.body.append(line);
  }
  table.shown = Math.min(table.rows.length, table.shown + SHOWN);
  const left = table.rows.length - table.shown;
  byId("more").hidden = left === 0;
  byId("more").textContent = say("more", Math.min(SHOWN, left), left);
}
byId("more").addEventListener("click", showMore);

function drawTerm(term) {
  const cell = make("td");
  if (!term) return cell;
  if (term.type !== "uri") {
    cell.textContent = term.value;
    if (isNumber(term)) cell.className = "number";
    else if (term.value.length > LONG) cell.className = "long";
    return cell;
  }
  const [, start, address] = [[DATA, "/id/"], [ONTOLOGY, "/ontology#"]]
    .map(([iri, path]) => [term.value.startsWith(iri), iri, path]).find(([ours]) => ours) ?? [];
  if (!start) cell.append(make("span", term.value, { className: "iri" }));
  else cell.append(make("a", shorten(term.value), { href: address + term.value.slice(start.length), title: term.value }));
  return cell;
}

function shorten(iri) {
  const text = iri.startsWith(DATA) ? `id:${iri.slice(DATA.length)}` : `zj:${iri.slice(ONTOLOGY.length)}`;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isNumber = (term) => /#(integer|decimal|double|float|int|long)$/.test(term?.datatype ?? "");

function sortBy(at) {
  table.down = table.sorted === at && !table.down;
  table.sorted = at;
  const words = new Intl.Collator("zh", { numeric: true });
  const compare = (one, other) => {
    if (!one[at] || !other[at]) return (one[at] ? 0 : 1) - (other[at] ? 0 : 1);
    const order = isNumber(one[at]) && isNumber(other[at])
      ? Number(one[at].value) - Number(other[at].value) : words.compare(one[at].value, other[at].value);
    return table.down ? -order : order;
  };
  table.rows.sort(compare);
  [...table.head.cells].forEach((cell, column) => {
    if (column === at) cell.setAttribute("aria-sort", table.down ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
  });
  table.shown = 0;
  table.body.replaceChildren();
  showMore();
}

// ---- the library

byId("filter").addEventListener("input", () => {
  const wanted = byId("filter").value.trim().toLowerCase();
  for (const item of document.querySelectorAll("#titles li[data-words]")) {
    item.hidden = !item.dataset.words.toLowerCase().includes(wanted);
  }
  for (const topic of document.querySelectorAll("#titles section")) {
    topic.hidden = !topic.querySelector("li:not([hidden])");
  }
});

number();
if (form.dataset.run) run();
