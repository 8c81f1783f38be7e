// Money: echoes amounts, sums and counts while they are typed; whole minor units, no float.
"use strict";
(() => {
  const TYPED_MAX = 8;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  function figure(minor, form) {
    const digits = Number(form.dataset.digits);
    const text = String(Math.abs(minor)).padStart(digits + 1, "0");
    const shown = digits ? `${text.slice(0, -digits)}${form.dataset.mark}${text.slice(-digits)}` : text;
    return minor < 0 ? `−${shown}` : shown;
  }

  // --- an amount on a keypad ------------------------------------------------------------------------
  function typeAmount(form, key) {
    const input = $("[data-typed]", form);
    const before = input.value === "0" ? "" : input.value;
    const now = key === "erase" ? before.slice(0, -1) : (before + key).replace(/^0+/, "").slice(0, TYPED_MAX);
    input.value = now || "0";
    $("[data-echo]", form).textContent = now ? figure(Number(now), form) : "–";
    for (const button of $$("[data-ready]", form)) button.disabled = !now;
  }

  // --- counting: a coin or note is chosen, its number of pieces is typed --------------------------------
  const PIECES_MAX = 5;
  function typePieces(form, key) {
    const input = $("input[type=radio]:checked", form)?.closest(".coin")?.querySelector("[data-pieces]");
    if (!input) return;
    const fresh = form.dataset.fresh === "1";
    const before = fresh || input.value === "0" ? "" : input.value;
    delete form.dataset.fresh;
    const now = key === "erase" ? input.value.slice(0, -1) : (before + key).replace(/^0+/, "").slice(0, PIECES_MAX);
    input.value = now || "0";
    countUp(form);
  }
  function countUp(form) {
    let sum = 0;
    for (const coin of $$(".coin", form)) {
      const input = $("[data-pieces]", coin);
      sum += Number(input.value) * Number(input.dataset.value);
      $("[data-times]", coin).textContent = input.value === "0" ? "" : `× ${input.value}`;
      coin.classList.toggle("counted", input.value !== "0");
    }
    $("[data-sum-of-coins]", form).textContent = figure(sum, form);
  }
  document.addEventListener("change", (event) => {
    const counting = event.target.closest("[data-count]");
    if (counting && event.target.type === "radio") counting.dataset.fresh = "1";
    const asked = event.target.closest("[data-sum]");
    if (asked && event.target.name === "tip") {
      $('[data-show="sum"]', asked).textContent = figure(Number(asked.dataset.sum) + Number(event.target.value), asked);
    }
  });

  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    const amount = key?.closest("[data-amount]"), counting = key?.closest("[data-count]");
    if (amount) typeAmount(amount, key.dataset.key);
    if (counting) typePieces(counting, key.dataset.key);
    if (event.target.closest("[data-print]")) window.print();
  });

  // --- goods that come back: each tap one more, then none again -----------------------------------------
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-return]");
    if (!line) return;
    const input = $("input", line), form = line.form;
    input.value = String((Number(input.value) + 1) % (Number(line.dataset.most) + 1));
    $("[data-back]", line).textContent = input.value;
    line.classList.toggle("coming", input.value !== "0");
    const none = $$("[data-return] input", form).every((one) => one.value === "0");
    for (const button of $$("[data-needs-return]", form)) button.disabled = none;
    htmx.trigger(form, "returned");
  });

  // --- a number on a keypad, and receipts that are scanned ------------------------------------------------
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-key]")?.closest("[data-digits-of]");
    if (!form) return;
    const input = $("input[type=text]", form), key = event.target.closest("[data-key]").dataset.key;
    input.value = key === "erase" ? input.value.slice(0, -1) : (input.value + key).slice(0, input.maxLength);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const FAST_MS = 100, CODE_MIN = 12;
  const scanned = $("[data-scan-to]");
  if (scanned) {
    let code = "", last = 0;
    document.addEventListener("keydown", (event) => {
      if (event.timeStamp - last > FAST_MS) code = "";
      last = event.timeStamp;
      if (event.key === "Enter" && code.length >= CODE_MIN) {
        event.preventDefault();
        htmx.ajax("post", scanned.dataset.scanTo, { values: { code }, source: scanned, swap: "none" });
        code = "";
      } else if (event.key.length === 1) code += event.key;
    });
  }

  // --- what must be typed before a key may be pressed ----------------------------------------------------
  function complete(form) {
    const lacking = $$("input[required]", form).some((input) => !input.value.trim());
    for (const button of $$("[data-received]", form)) button.disabled = lacking;
  }
  document.addEventListener("input", (event) => { if (event.target.form) complete(event.target.form); });
  $$("form").forEach(complete);
  const first = $("main [data-keyboard][autofocus]");
  if (first) { first.blur(); first.focus(); }
})();
