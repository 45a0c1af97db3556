"use strict";
// The words of the page in Chinese and English. Names of schools and partners stay as reports write them.

const WORDS = JSON.parse(byId("words-data").textContent);
let language = 0; // the place of a language in each pair of words: 0 Chinese, 1 English

function pick(table, key) {
  return Object.hasOwn(WORDS[table], key) ? WORDS[table][key][language] : null;
}

/** A phrase of the page with {0}, {1} … filled in. */
function say(key, ...values) {
  return pick("page", key).replace(/\{(\d)\}/g, (_, at) => String(values[at]));
}

const sayType = (type) => pick("types", type) ?? type;
const sayPredicate = (predicate) => pick("predicates", predicate) ?? predicate;
function sayMode(mode) {
  const known = MODE_LOOKS.get(mode);
  return pick("modes", mode) ?? (known ? [known.zh, known.en][language] : mode);
}
const sayDirection = (predicate, forward) => pick(forward ? "forward" : "backward", predicate) ?? predicate;
const comma = () => (language ? ", " : "、");

const TITLE = document.title; // as it was drawn, in Chinese

/** The page's heading: its two forms have words in both languages, a title of somebody's own stays as it is. */
function sayTitle() {
  const { zh, en } = GRAPH.view.words;
  if (zh !== en) return language ? en : zh;
  const [whole, around] = [WORDS.page["title.whole"][0], WORDS.page["title.around"][0].replace("{0}", "")];
  if (TITLE === whole) return say("title.whole");
  return TITLE.endsWith(around) ? say("title.around", TITLE.slice(0, -around.length)) : TITLE;
}

/** Put the present language into all elements that stand in the template. */
function sayAll() {
  document.documentElement.lang = language ? "en" : "zh-CN";
  document.title = document.querySelector("h1").textContent = sayTitle();
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-say-label]")) {
    element.setAttribute("aria-label", say(element.dataset.sayLabel));
  }
  for (const element of document.querySelectorAll("[data-say-placeholder]")) {
    element.placeholder = say(element.dataset.sayPlaceholder);
  }
}
