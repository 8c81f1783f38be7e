// A refused command waits while a manager types a PIN or shows a badge, then it is sent again.
"use strict";
(() => {
  const HEADER = "Comptoir-Approval", PIN_MAX = 8, BADGE_MIN = 8, FAST_MS = 60;
  const dialog = document.querySelector("#approval");
  if (!dialog) return;
  const $ = (selector) => dialog.querySelector(selector);
  let refused = null, pin = "";

  document.body.addEventListener("htmx:responseError", async (event) => {
    const { xhr, requestConfig, target } = event.detail;
    if (xhr.getResponseHeader(HEADER) !== "needed") return;
    refused = { config: requestConfig, target };
    const page = await fetch("/approval", { headers: { "HX-Request": "true" } });
    if (!page.ok) return;
    dialog.innerHTML = await page.text();
    $("[data-why]").textContent = xhr.responseText;
    pin = "";
    if (!dialog.open) dialog.showModal();
  });

  function show() {
    $(".dots").textContent = "•".repeat(pin.length);
    $("[data-wrong]").textContent = "";
  }

  async function approve(proof) {
    const { config, target } = refused;
    const headers = { ...config.headers, "HX-Request": "true" };
    const body = new URLSearchParams({ command: config.parameters.command, ...proof });
    const answer = await fetch("/approval", { method: "POST", headers, body });
    if (!answer.ok) {
      pin = "";
      show();
      $("[data-wrong]").textContent = await answer.text();
      return;
    }
    dialog.close();
    htmx.ajax(config.verb, config.path, {
      values: config.formData ?? config.parameters,
      headers: { ...config.headers, [HEADER]: answer.headers.get(HEADER) },
      target, source: config.elt.isConnected ? config.elt : document.body,
      swap: config.elt.closest("[hx-swap]")?.getAttribute("hx-swap") ?? "innerHTML",
    });
  }

  dialog.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key) {
      pin = key === "erase" ? pin.slice(0, -1) : (pin + key).slice(0, PIN_MAX);
      show();
    }
    if (event.target.closest("[data-approve]") && pin) approve({ pin });
    if (event.target.closest("[data-dismiss]")) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.replaceChildren());

  // a badge reader types fast and ends with Enter; a person types a PIN slowly
  let code = "", last = 0;
  document.addEventListener("keydown", (event) => {
    if (!dialog.open) return;
    event.stopImmediatePropagation();
    if (event.timeStamp - last > FAST_MS) code = "";
    last = event.timeStamp;
    if (event.key === "Enter") {
      event.preventDefault();
      if (code.length >= BADGE_MIN) approve({ badge: code });
      else if (pin) approve({ pin });
      code = "";
    } else if (/^[0-9A-Za-z]$/.test(event.key)) {
      code += event.key;
      if (/\d/.test(event.key)) { pin = (pin + event.key).slice(0, PIN_MAX); show(); }
    } else if (event.key === "Backspace") { pin = pin.slice(0, -1); show(); }
  }, true);
})();
