// The counter's own: a weight or a price echoed while it is typed, with what it comes to.
"use strict";
(() => {
  const DIGITS_MAX = 6;
  const figure = (minor, digits, mark) => {
    const text = String(minor).padStart(digits + 1, "0");
    return digits ? `${text.slice(0, -digits)}${mark}${text.slice(-digits)}` : text;
  };
  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-digit]");
    const typed = key?.closest("[data-typed]");
    if (!typed) return;
    const input = typed.querySelector("input");
    const before = input.value === "0" ? "" : input.value;
    const after = key.dataset.digit === "erase" ? before.slice(0, -1) : before + key.dataset.digit;
    input.value = after.replace(/^0+/, "").slice(0, DIGITS_MAX) || "0";
    const { decimals, mark, price } = typed.dataset;
    typed.querySelector("output").textContent = figure(input.value, Number(decimals), mark);
    const amount = typed.closest("form").querySelector(".typed-amount");
    // whole minor units, a half rounded up, as the till itself counts
    if (amount && price) amount.textContent = figure(Math.floor((price * input.value + 500) / 1000), 2, mark);
  });
})();
