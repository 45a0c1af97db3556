"use strict";
// The page put together, and the ways on: files and questions.

// A name that can stand in a command as it is: what a report says must do nothing in anybody's shell.
const isPlain = (name) => /^[\p{L}\p{N}·（）]+$/u.test(name);
const nameOf = (table, fallback) => START.tables[table].rows.map((row) => row[1]).find(isPlain) ?? say(fallback);

function makeCommands(commands) {
  return make("ul", { class: "commands" }, ...commands.map(([command, key]) => make("li", {}, make("code", {}, command), make("span", { class: "soft" }, say(key)))));
}

function makeFiles() {
  if (SERVED) {
    const kinds = ["facts", "figures", "entities", "issues", "checks"];
    return [make("p", { class: "soft" }, say("files.served")),
      make("p", { class: "files" }, ...kinds.map((kind) => make("a", { href: `/downloads/${kind}.csv`, download: "" }, `${kind}.csv`)), make("a", { href: "/downloads" }, say("files.all")))];
  }
  const here = START.files.length
    ? [make("p", { class: "soft" }, say("files.here")), make("p", { class: "files" }, ...START.files.map((name) => make("a", { href: `./${encodeURIComponent(name)}` }, name)))] : [];
  return [...here, make("p", { class: "soft" }, say("files.make")),
    makeCommands(["facts", "entities", "figures"].map((what) => [`kg export ${what} --to ${what}.csv`, `files.${what}`]))];
}

function drawWays() {
  const school = nameOf("schools", "ask.name.school");
  const commands = [
    ["kg query --list", "ask.library"],
    [`kg query partners-of-school -p school=${school}`, "ask.school"],
    [`kg query schools-of-enterprise -p enterprise=${nameOf("partners", "ask.name.partner")}`, "ask.partner"],
    [`kg query programmes-without-partner -p school=${school}`, "ask.unpartnered"],
    [`kg search ${say("ask.name.any")}`, "ask.search"],
    ...(SERVED ? [] : [["kg serve", "ask.serve"]]),
  ];
  return makeSection("ways", make("div", { class: "ways" },
    make("div", {}, make("h3", {}, say("ask")), make("p", { class: "soft" }, say("ask.about")), makeCommands(commands)),
    make("div", {}, make("h3", {}, say("files")), ...makeFiles())));
}

function drawNetwork() {
  const there = SERVED ? START.network : START.files.includes("network.html");
  if (!there) return make("p", { hidden: "" });
  return make("p", { class: "network" }, make("a", { href: SERVED ? "/network.html" : "network.html" }, say("open.network")), make("span", { class: "soft" }, say("open.network.about")));
}

const NUMBERS = {
  reports: "#table-reports", schools: "#table-schools", partners: "#table-partners", pairs: "#charts", programmes: "",
  groups: "", statements: "", figures: "", issues: "", differ: "",
};

function drawNumbers() {
  const tiles = Object.entries(NUMBERS).map(([name, to]) => {
    const words = [make("strong", {}, sayNumber(START.numbers[name])), make("span", { class: "of" }, say(`number.${name}`))];
    return make("li", {}, to ? make("a", { href: to }, ...words) : make("span", { class: "plain" }, ...words), make("span", { class: "soft" }, say(`number.${name}.about`)));
  });
  return makeSection("numbers", make("ul", { class: "numbers" }, ...tiles));
}

const PARTS = { numbers: drawNumbers, charts: drawCharts, map: drawMap, tables: drawTables, ways: drawWays };

function drawPage() {
  document.documentElement.lang = language ? "en" : "zh-CN";
  if (!SERVED) document.title = say("site");
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-say-label]")) element.setAttribute("aria-label", say(element.dataset.sayLabel));
  const parts = Object.entries(PARTS).map(([name, draw]) => (name === "charts" ? [drawNetwork(), draw()] : [draw()]));
  byId("start").replaceChildren(...parts.flat());
  fillTables();
  fillMap();
  fillCharts();
}

drawPage();
if (location.hash) byId(location.hash.slice(1))?.scrollIntoView(); // the parts were not there when the browser looked
byId("language")?.addEventListener("click", () => { language = 1 - language; drawPage(); });
addEventListener("beforeprint", () => fillTables(true));
addEventListener("afterprint", () => fillTables());
let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return; // a phone's own bars come and go
  width = innerWidth;
  fillCharts();
  fillMap();
});
