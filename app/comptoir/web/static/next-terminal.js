// When this page's terminal dies, the page goes on at the next one: what was tapped and not saved,
// and what was typed and not sent, goes with it.
"use strict";
(() => {
  if (window.top !== window) return; // shown inside another page, which looks after it
  const LOOK_MS = 600, AGAIN_MS = 100, ANSWER_MS = 700, NEWS_MS = 60000, MISSES = 2;
  const body = document.body, sheet = document.querySelector("#sheet");
  const all = (selector, root) => [...root.querySelectorAll(selector)];

  // --- what would be lost ---------------------------------------------------------------------------
  const unsaved = new Map(); // by the id of the command
  let opened = ""; // the address of the sheet that is open
  const valuesOf = (config) => [...(config.formData?.entries() ?? Object.entries(config.parameters))]
    .filter(([, value]) => typeof value === "string" || typeof value === "number");
  const idOf = (config) => config.formData?.get("command") ?? config.parameters.command ?? config.path;
  body.addEventListener("htmx:beforeRequest", ({ detail: { requestConfig: config } }) => {
    if (config.verb === "get") return;
    unsaved.set(idOf(config), { verb: config.verb, path: config.path, values: valuesOf(config) });
  });
  body.addEventListener("htmx:afterRequest", ({ detail: { requestConfig: config, xhr, target, pathInfo } }) => {
    if (!xhr?.status) return;
    if (config.verb !== "get") unsaved.delete(idOf(config));
    else if (target === sheet && xhr.status === 200) opened = pathInfo.finalRequestPath;
  });
  sheet.addEventListener("close", () => { opened = ""; });

  const FIELDS = "input[name]:not([type=hidden], [type=password], [type=file]), .stepper input[name], textarea[name], select[name]";
  const fields = (root) => all(FIELDS, root)
    .map((field) => ({ name: field.name, value: field.value, checked: field.checked ?? false }));
  function typed() {
    return {
      sheet: sheet.open ? opened : "", inSheet: fields(sheet), inPage: fields(document.querySelector("main")),
      tendered: document.querySelector("[data-pay]")?.elements.tendered.value ?? "",
    };
  }

  // --- the terminal lives, or another does -------------------------------------------------------
  let news = { pass: "", to: [] }, misses = 0;
  const answers = (where) => fetch(`${where}/moving/alive`, {
    mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS),
  });
  async function learn() {
    try {
      const answer = await fetch("/moving", { signal: AbortSignal.timeout(ANSWER_MS * 5) });
      if (answer.ok) news = await answer.json();
    } catch { /* looked for anyway, below */ }
    setTimeout(learn, news.to.length ? NEWS_MS : LOOK_MS * 5);
  }
  async function look() {
    try {
      await answers("");
      misses = 0;
    } catch {
      misses += 1;
      if (misses >= MISSES && await move()) return;
    }
    setTimeout(look, misses ? AGAIN_MS : LOOK_MS);
  }
  async function move() {
    try {
      const to = await Promise.any(news.to.map((where) => answers(where).then(() => where)));
      const path = location.pathname + location.search;
      const carried = { pass: news.pass, path, unsaved: [...unsaved.values()], typed: typed() };
      location.replace(`${to}/arrive#${encodeURIComponent(JSON.stringify(carried))}`);
      return true;
    } catch {
      return false; // nobody answers: this one is looked for again
    }
  }

  // --- what came along ---------------------------------------------------------------------------
  function fill(root, kept) {
    const places = all(FIELDS, root);
    for (const { name, value, checked } of kept) {
      const chosen = (field) => ["radio", "checkbox"].includes(field.type);
      const at = places.findIndex((field) => field.name === name && (!chosen(field) || field.value === value));
      if (at < 0) continue;
      const [field] = places.splice(at, 1);
      if (chosen(field)) field.checked = checked;
      else field.value = value;
      const shown = field.parentElement.querySelector("output");
      if (shown) shown.textContent = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  async function restore() {
    const kept = JSON.parse(sessionStorage.getItem("carried") ?? "null");
    sessionStorage.removeItem("carried");
    if (!kept) return;
    body.dispatchEvent(new CustomEvent("say", { detail: kept }));
    if (!kept.typed || kept.path !== location.pathname + location.search) return;
    fill(document.querySelector("main"), kept.typed.inPage);
    for (const digit of kept.typed.tendered.replace(/^0+/, "")) {
      document.querySelector(`[data-pay] [data-key="${digit}"]`)?.click();
    }
    if (kept.typed.sheet) {
      await htmx.ajax("get", kept.typed.sheet, { target: "#sheet", swap: "innerHTML" });
      fill(sheet, kept.typed.inSheet);
    }
  }

  restore();
  learn();
  look();
})();
