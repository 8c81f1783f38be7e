// Signing in with a badge: a reader types its code fast and ends with Enter; and the wait after wrong PINs.
"use strict";
(() => {
  const FAST_MS = 60, BADGE_MIN = 8;
  const form = document.querySelector("[data-pin]");
  let code = "", last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.timeStamp - last > FAST_MS) code = "";
    last = event.timeStamp;
    if (event.key === "Enter" && code.length >= BADGE_MIN) {
      event.preventDefault();
      event.stopImmediatePropagation();
      form.elements.pin.value = "";
      form.elements.badge.value = code;
      form.requestSubmit();
    } else if (/^[0-9A-Za-z]$/.test(event.key)) code += event.key;
  }, true);

  const told = document.querySelector("[data-wait]");
  if (told) {
    let left = Number(told.dataset.wait);
    const timer = setInterval(() => {
      left -= 1;
      if (left > 0) { told.querySelector("b").textContent = `${left} s`; return; }
      clearInterval(timer);
      told.textContent = told.dataset.over;
    }, 1000);
  }
})();
