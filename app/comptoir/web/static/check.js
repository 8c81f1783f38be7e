// Types an amount: whole cents only, no float.
"use strict";
(() => {
  const $ = (selector, root) => root.querySelector(selector);
  const figure = (minor, digits, mark) => {
    const text = String(Math.abs(minor)).padStart(digits + 1, "0");
    return digits ? `${text.slice(0, -digits)}${mark}${text.slice(-digits)}` : text;
  };
  function press(form, key) {
    const { due, digits, mark } = form.dataset, field = form.elements.amount;
    const typed = key === "erase" ? field.value.slice(0, -1) : field.value + key;
    field.value = typed.replace(/^0+/, "").slice(0, 8);
    const amount = Number(field.value || "0"), rest = Number(due) - amount;
    $('[data-show="amount"]', form).textContent = amount ? figure(amount, Number(digits), mark) : "–";
    const left = $('[data-show="rest"]', form);
    if (left) left.textContent = rest >= 0 ? figure(rest, Number(digits), mark) : "–";
    const take = $("[data-take]", form);
    if (take) take.disabled = !amount || rest <= 0;
    for (const choice of form.querySelectorAll("[name=ppm]")) if (amount) choice.checked = false;
  }
  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-amount] [data-key]");
    if (key) press(key.closest("form"), key.dataset.key);
  });
  document.addEventListener("keydown", (event) => {
    const form = $("[data-amount]", document);
    if (!form || event.target.matches("input[type=text]")) return;
    if (/^\d$/.test(event.key)) press(form, event.key);
    if (event.key === "Backspace") press(form, "erase");
  });
})();
