// A screen in the lobby that nobody touches: turns its slides, and asks for newer figures. Whatever goes wrong on the
// way (the network, the proxy's 502, a page that is none of ours), what was shown stays, and it asks again, for ever.
"use strict";

(() => {
  const SHOWN_MS = 12000; // how long a slide stands: time to read eight rows aloud
  const ASKED_MS = 30000; // between two questions for newer figures
  const PATIENCE_MS = 20000; // how long an answer may take
  const SMALLEST = 0.55; // of the type on a slide that holds too much

  let at = 0;

  const slides = () => Array.from(document.querySelectorAll(".slide"));

  /** Type as large as fits: names can be longer than anybody thought. */
  function fit(slide) {
    const content = slide.querySelector(".fit");
    const style = getComputedStyle(slide);
    const height = slide.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const width = slide.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    for (let size = 1; size >= SMALLEST; size -= 0.05) {
      content.style.fontSize = size + "em";
      if (content.scrollHeight <= height && content.scrollWidth <= width) return;
    }
  }

  function show(number) {
    const all = slides();
    if (all.length === 0) return;
    at = number % all.length;
    all.forEach((slide, i) => slide.classList.toggle("is-shown", i === at));
    fit(all[at]);
    const dots = document.querySelector(".dots");
    dots.replaceChildren(...all.map((_, i) => {
      const dot = document.createElement("i");
      dot.classList.toggle("is-shown", i === at);
      return dot;
    }));
  }

  /** Takes the place of what is shown; false when the text is no such page. */
  function take(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    if (page.querySelector(".slide") === null || page.querySelector(".wall-foot") === null) return false;
    document.title = page.title;
    const style = document.querySelector("link[rel=stylesheet]");
    const newer = page.querySelector("link[rel=stylesheet]");
    if (newer !== null && style.getAttribute("href") !== newer.getAttribute("href")) {
      style.setAttribute("href", newer.getAttribute("href"));
    }
    document.body.replaceChildren(...page.body.childNodes);
    show(at);
    return true;
  }

  async function renew() {
    let is_new = false;
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(location.href, { cache: "no-cache", signal: stop.signal });
      is_new = answer.ok && take(await answer.text());
    } catch (error) {
      // Tried again below.
    }
    clearTimeout(patience);
    document.querySelector(".stale").hidden = is_new;
    setTimeout(renew, ASKED_MS);
  }

  document.documentElement.classList.add("turns");
  show(0);
  setInterval(() => show(at + 1), SHOWN_MS);
  setTimeout(renew, ASKED_MS);
  window.addEventListener("resize", () => show(at));
})();
