"use strict";
// The report of a build: what became of each file, and what was found, beside the build before.

const STATES_SHOWN = ["read", "unchanged", "failed", "duplicate", "skipped", "removed"];
function sayTime(seconds) {
  return seconds < 60 ? say("seconds", seconds) : say("minutes", Math.floor(seconds / 60), Math.round(seconds % 60));
}

function drawStates() {
  const { states } = START.build.totals;
  const tiles = STATES_SHOWN.filter((state) => states[state]).map((state) => make("li", {},
    make("button", { type: "button", class: "plain", onclick: () => pickIn("files", "state", state) },
      make("strong", {}, sayNumber(states[state])), make("span", { class: "of" }, sayOf("states", state))),
    make("span", { class: "soft" }, say(`state.${state}.about`))));
  return makeSection("states", make("ul", { class: "numbers" }, ...tiles));
}

/** Facts by relation, figures and issues, beside those of the build before. */
function drawFound() {
  const { totals, before } = START.build;
  const keys = [...new Set([...Object.keys(totals.counts), ...Object.keys(before?.counts ?? {})])].sort((a, b) => (totals.counts[b] ?? 0) - (totals.counts[a] ?? 0) || (a < b ? -1 : 1));
  const name = (key) => (["figures", "issues"].includes(key) ? say(`count.${key}`) : sayOf("predicates", key));
  const number = (value) => make("td", { class: "number" }, value);
  const signed = (value) => (value > 0 ? `+${sayNumber(value)}` : value < 0 ? `−${sayNumber(-value)}` : "0");
  const heads = ["found.what", "found.now", ...(before ? ["found.before", "found.change"] : [])];
  const rows = keys.map((key) => {
    const now = totals.counts[key] ?? 0, then = before?.counts[key] ?? 0;
    return make("tr", {}, make("th", { scope: "row" }, name(key)), number(sayNumber(now)), ...(before ? [number(sayNumber(then)), number(signed(now - then))] : []));
  });
  return makeSection("found", make("p", { class: "soft" }, say("found.about")), before ? null : make("p", { class: "soft" }, say("found.none")),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("found") },
      make("table", { class: "found" }, make("thead", {}, make("tr", {}, ...heads.map((key, at) => make("th", { scope: "col", class: at ? "number" : "" }, say(key))))), make("tbody", {}, ...rows))));
}

function drawNotes() {
  if (!START.build.notes.length) return make("p", { hidden: "" });
  return makeSection("notes", make("ul", {}, ...START.build.notes.map((note) => make("li", {}, note))));
}

function drawPage() {
  document.documentElement.lang = language ? "en" : "zh-CN";
  document.title = say("site");
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-say-label]")) element.setAttribute("aria-label", say(element.dataset.sayLabel));
  const { at, seconds, totals } = START.build;
  const when = new Intl.DateTimeFormat(language ? "en-GB" : "zh-CN", { dateStyle: "long", timeStyle: "short" }).format(new Date(at));
  byId("when").textContent = say("when", when, sayTime(seconds), totals.states.failed ? say("when.failed", sayNumber(totals.states.failed)) : say("when.ok"));
  byId("start").replaceChildren(drawStates(), drawNotes(), drawFound(), drawTables());
  fillTables();
}

drawPage();
byId("language").addEventListener("click", () => { language = 1 - language; drawPage(); });
addEventListener("beforeprint", () => fillTables(true));
addEventListener("afterprint", () => fillTables());
