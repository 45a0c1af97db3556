"use strict";
// Completes names while they are typed: each input with data-complete has a datalist, filled from /api/search.

const WAIT = 120; // milliseconds after the last key

for (const input of document.querySelectorAll("input[data-complete]")) {
  const list = document.getElementById(input.getAttribute("list"));
  let timer = 0;
  let asked = null;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => complete(), WAIT);
  });

  async function complete() {
    const text = input.value.trim();
    asked?.abort();
    if (!text || [...list.options].some((option) => option.value === text)) return;
    asked = new AbortController();
    const query = new URLSearchParams({ q: text.slice(0, 200), limit: "12" });
    for (const type of input.dataset.complete.split(" ").filter(Boolean)) query.append("type", type);
    try {
      const answer = await fetch(`/api/search?${query}`, { signal: asked.signal });
      if (!answer.ok) return;
      const found = (await answer.json()).results;
      // Browsers offer only options that hold what was typed: what matched stands in the label.
      list.replaceChildren(
        ...found.map((each) => {
          const option = document.createElement("option");
          option.value = each.name;
          option.label = each.matched === each.name ? each.label : `${each.label} · ${each.matched} · ${text}`;
          return option;
        }),
      );
    } catch (error) {
      if (error.name !== "AbortError") list.replaceChildren();
    }
  }
}
