"use strict";
// The facts behind a number, in a dialogue, and the page put together.

const JOINED = (values) => values.join(say("list"));

function sayPlace([, , , , , , , , section, page, table, row, report]) {
  const [title] = COVERAGE.reports[report];
  const places = [page === null ? "" : say("place.page", page), table === null ? "" : say("place.table", table, row)].filter(Boolean);
  return [title, section, ...places].filter(Boolean).join(" · ");
}

function makeFact(at) {
  const fact = COVERAGE.facts[at];
  const [school, partner, modes, programmes, years, basis, headcount, words] = fact;
  const told = [
    partner ? JOINED(modes.map((mode) => sayOf("modes", mode))) || say("fact.nomode") : "",
    JOINED(programmes),
    say(`fact.year.${basis}`, JOINED(years)),
    headcount.length ? say("fact.headcount", JOINED(headcount)) : "",
  ].filter(Boolean);
  return make("li", {}, make("strong", {}, partner ? `${school} — ${partner}` : school), make("br"), told.join(" · "),
    make("blockquote", {}, words), make("span", { class: "soft" }, sayPlace(fact)));
}

function makeFacts(heading, facts, count) {
  if (!count) return [];
  return [make("h3", {}, say(heading, count)), make("ol", {}, ...facts.map(makeFact)),
    count > facts.length ? make("p", { class: "note" }, say("dialog.more", count - facts.length)) : null];
}

function showDialog(title, ...children) {
  const dialog = byId("facts");
  const close = make("button", { type: "button", id: "close", onclick: () => dialog.close() }, say("close"));
  dialog.replaceChildren(make("div", { class: "top" }, make("h2", { id: "facts-heading" }, title), close), ...children.filter(Boolean));
  dialog.showModal();
  dialog.scrollTop = 0;
}

function showField(row, column, [covered, bare, , facts, factCount, offers, offerCount]) {
  showDialog(`${row} · ${column}`,
    covered.length ? make("p", {}, say("dialog.covered", JOINED(covered))) : null,
    bare.length ? make("p", {}, say("dialog.bare", JOINED(bare))) : null,
    ...makeFacts("dialog.facts", facts, factCount), ...makeFacts("dialog.offers", offers, offerCount));
}

function showPair(school, partner, facts, count) {
  showDialog(`${school} — ${partner}`, ...makeFacts("dialog.facts", facts, count));
}

function drawPage() {
  document.documentElement.lang = language ? "en" : "zh-CN";
  document.title = say("site");
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-say-label]")) element.setAttribute("aria-label", say(element.dataset.sayLabel));
  const chosen = Object.entries(COVERAGE.chosen).map(([name, words]) => `${WORDS.chosen[name][language]} ${JOINED(words)}`);
  byId("chosen").replaceChildren(say("chosen", JOINED(chosen) || WORDS.chosen.all[language]), ...COVERAGE.notes.flatMap((note) => [make("br"), note]));
  byId("coverage").replaceChildren(drawClasses(), drawModes(), drawPlaces());
}

drawPage();
if (location.hash) byId(location.hash.slice(1))?.scrollIntoView(); // the parts were not there when the browser looked
byId("language").addEventListener("click", () => { language = 1 - language; drawPage(); });
byId("facts").addEventListener("click", (event) => { if (event.target === byId("facts")) byId("facts").close(); });
