// A bump bar is a keyboard: digits bump the tickets by their number, Backspace calls back, arrows
// go along the tickets and, at an end, on to the next page.
"use strict";
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const sheet = document.querySelector("#sheet");
    if (/^[0-9]$/.test(event.key)) {
      const keys = sheet.open
        ? sheet.querySelectorAll(".recall")
        : [...document.querySelectorAll(".ticket")].map((one) => one.querySelector("[data-bump]"));
      const key = keys[(Number(event.key) + 9) % 10];
      if (key && !key.disabled) key.click();
    } else if (event.key === "Backspace" && !sheet.open) {
      document.querySelector("[data-recall]").click();
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const tickets = document.querySelector(".tickets"), on = event.key === "ArrowRight";
      const rest = on ? tickets.scrollWidth - tickets.clientWidth - tickets.scrollLeft : tickets.scrollLeft;
      const page = document.querySelector(on ? "[data-next]" : "[data-before]");
      if (rest <= 1 && page) page.click();
      else tickets.scrollBy({ left: (on ? 1 : -1) * tickets.clientWidth * 0.8 });
    }
  });
})();
