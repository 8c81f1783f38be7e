// The few things a server cannot do: echo keys at once, keep a tap until it is saved, count minutes.
"use strict";
(() => {
  const RETRY_MS = 1000, RETRIES_MAX = 60, BOUNCE_MS = 60, TOAST_MS = 5000;
  const body = document.body;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // crypto.randomUUID needs HTTPS; a tablet on the LAN may have none
  const freshId = () => [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");

  let toastTimer;
  function toast(text, bad) {
    const box = $("#toast");
    box.textContent = text;
    box.className = `toast shown${bad ? " bad" : ""}`;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { box.className = "toast"; }, TOAST_MS);
  }

  body.addEventListener("say", ({ detail }) => toast(detail.said, detail.bad));

  // --- taps -------------------------------------------------------------------------------------
  // A key of the menu is tapped twice for two dishes, so each tap gets an id of its own; a form
  // carries one id, so that sending it twice does nothing twice.
  let lastTap = { element: null, at: 0 };
  body.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (elt.matches("[data-tap]")) {
      const now = performance.now();
      if (lastTap.element === elt && now - lastTap.at < BOUNCE_MS) event.preventDefault();
      lastTap = { element: elt, at: now };
      parameters.command = freshId();
    }
    if (elt.id === "panel") parameters.have = $(".check", elt)?.dataset.version ?? "";
  });

  // News must not pull a key from under a finger: what arrives during a press is fetched after it.
  const SETTLE_MS = 50;
  let pressing = false;
  const postponed = new Set();
  document.addEventListener("pointerdown", () => { pressing = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => {
      pressing = false;
      setTimeout(() => {
        for (const element of postponed) htmx.trigger(element, "refresh");
        postponed.clear();
      }, SETTLE_MS);
    }, true);
  }
  body.addEventListener("htmx:beforeSwap", (event) => {
    const follower = event.detail.requestConfig?.elt;
    if (pressing && follower?.matches('[hx-trigger*="refresh"]')) {
      event.detail.shouldSwap = false;
      postponed.add(follower);
    }
  });

  // Holding a key asks for its modifiers, where a tap would just add the dish.
  const HOLD_MS = 450;
  let holding = null, held = false;
  document.addEventListener("pointerdown", (event) => {
    const key = event.target.closest("[data-hold]");
    held = false;
    clearTimeout(holding);
    if (key) {
      holding = setTimeout(() => { held = true; htmx.ajax("get", key.dataset.hold, "#sheet"); }, HOLD_MS);
    }
  });
  for (const end of ["pointerup", "pointercancel", "scroll"]) {
    document.addEventListener(end, () => clearTimeout(holding), { capture: true, passive: true });
  }
  document.addEventListener("click", (event) => {
    if (held && event.target.closest("[data-hold]")) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    held = false;
  }, true);
  document.addEventListener("contextmenu", (event) => event.preventDefault());

  // --- a till that restarts: the tap waits, with the same id, until it is saved ---------------------
  let failures = 0;
  body.addEventListener("htmx:sendError", (event) => {
    const { requestConfig: config, target } = event.detail;
    offline(true);
    if (config.verb === "get") return;
    if (failures >= RETRIES_MAX) { failures = 0; return; }
    failures += 1;
    toast(body.dataset.retry, true);
    setTimeout(() => htmx.ajax(config.verb, config.path, {
      values: config.formData ?? config.parameters,
      headers: config.headers, target, source: config.elt.isConnected ? config.elt : body,
      swap: config.elt.closest("[hx-swap]")?.getAttribute("hx-swap") ?? "innerHTML",
    }), RETRY_MS);
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.status) { failures = 0; offline(false); }
  });
  body.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail; // what a manager can approve asks for one: approval.js
    const approvable = xhr.getResponseHeader("Comptoir-Approval") === "needed";
    if (xhr.status !== 401 && !approvable) toast(xhr.responseText, true);
    if (xhr.getResponseHeader("Comptoir-Called-Off")) { // the next try is another payment
      const form = event.detail.elt.closest("form");
      for (const id of $$("[name=command],[name=payment]", form)) id.value = freshId();
    }
  });
  body.addEventListener("htmx:sseError", () => offline(true));
  body.addEventListener("htmx:sseOpen", () => offline(false));

  // a short gap is nobody's business; the timer is not put back by the next failure
  const GAP_MS = 1500;
  let offlineTimer = null;
  function offline(is) {
    if (is) {
      offlineTimer ??= setTimeout(() => { $("#offline").hidden = false; }, GAP_MS);
      return;
    }
    clearTimeout(offlineTimer);
    offlineTimer = null;
    $("#offline").hidden = true;
  }

  // --- sheets -----------------------------------------------------------------------------------
  const sheet = $("#sheet");
  body.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target ?? event.target;
    if (target === sheet) {
      if (!sheet.open) sheet.showModal();
      $$("[data-groups]", sheet).forEach(checkGroups);
      const field = $("[data-keyboard][autofocus]", sheet);
      if (field) { field.focus(); showKeyboard(field); }
    }
    if (target.id === "panel") keepEnd();
    ages();
  });
  body.addEventListener("sheet-close", () => sheet.close());
  sheet.addEventListener("close", () => { sheet.replaceChildren(); });
  // a press inside may end outside, where the keyboard of the screen has moved what was pressed
  let pressedBeside = false;
  sheet.addEventListener("pointerdown", (event) => { pressedBeside = event.target === sheet; });
  sheet.addEventListener("click", (event) => {
    if ((pressedBeside && event.target === sheet) || event.target.closest("[data-close]")) sheet.close();
  });
  function keepEnd() { const lines = $("[data-keep-end]"); if (lines) lines.scrollTop = lines.scrollHeight; }

  // --- modifiers: what must be chosen is asked before Add can be pressed --------------------------------
  function checkGroups(form) {
    let complete = true;
    for (const group of $$(".group", form)) {
      if (group.dataset.within) { // asked only once the choice it belongs to is made
        const outer = $$("input", form).find((input) => input.value === group.dataset.within);
        group.hidden = group.disabled = !outer?.checked || outer.closest(".group").hidden;
        if (group.hidden) continue;
      }
      const chosen = $$("input:checked", group).length;
      const lacking = chosen < Number(group.dataset.min);
      group.classList.toggle("lacking", lacking);
      complete = complete && !lacking;
      if (group.dataset.max > 1) {
        const full = chosen >= Number(group.dataset.max);
        for (const input of $$("input:not(:checked)", group)) input.disabled = full;
      }
    }
    $("[data-submit]", form).disabled = !complete;
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-groups]");
    const group = event.target.closest(".group");
    if (group?.dataset.max === "1" && event.target.type === "checkbox" && event.target.checked) {
      for (const other of $$("input:checked", group)) if (other !== event.target) other.checked = false;
    }
    if (form) checkGroups(form);
  });
  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) {
      const input = $("input", step.parentElement);
      input.value = Math.min(99, Math.max(1, Number(input.value) + Number(step.dataset.step)));
      $("output", step.parentElement).textContent = input.value;
    }
    const choose = event.target.closest("[data-choose]");
    if (choose) {
      $(".category.chosen")?.classList.remove("chosen");
      choose.classList.add("chosen");
      $("#grid").scrollTop = 0;
    }
  });

  // --- keyboard of the screen -------------------------------------------------------------------------
  let typingInto = null;
  function showKeyboard(field) {
    typingInto = field;
    const keys = $("[data-keyboard-keys]");
    if (!keys) return;
    keys.hidden = false;
    keys.classList.toggle("digits", field.type === "password");
    field.scrollIntoView({ block: "center" });
  }
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-keyboard]")) showKeyboard(event.target);
  });
  // a quick finger was there before this script
  if (document.activeElement?.matches("[data-keyboard]")) showKeyboard(document.activeElement);
  document.addEventListener("pointerdown", (event) => {
    const key = event.target.closest("[data-type]");
    if (!key || !typingInto) return;
    event.preventDefault();
    const text = key.dataset.type;
    typingInto.value = text === "erase" ? typingInto.value.slice(0, -1) : typingInto.value + text;
    typingInto.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // --- PIN pad --------------------------------------------------------------------------------------
  const pin = $("[data-pin]");
  if (pin) {
    const input = $("#pin", pin);
    const press = (key) => {
      input.value = key === "erase" ? input.value.slice(0, -1) : (input.value + key).slice(0, 8);
      $(".dots", pin).textContent = "•".repeat(input.value.length);
    };
    pin.addEventListener("click", (event) => {
      const key = event.target.closest("[data-key]");
      if (key) press(key.dataset.key);
    });
    document.addEventListener("keydown", (event) => {
      if (/^\d$/.test(event.key)) press(event.key);
      if (event.key === "Backspace") press("erase");
      if (event.key === "Enter") { event.preventDefault(); pin.requestSubmit(); }
    });
  }

  // --- payment: echo what was typed; whole cents only, no float --------------------------------------
  const pay = $("[data-pay]");
  if (pay) {
    const due = Number(pay.dataset.due), digits = Number(pay.dataset.digits);
    let typed = "";
    const figure = (minor) => {
      const text = String(Math.abs(minor)).padStart(digits + 1, "0");
      return digits ? `${text.slice(0, -digits)}${pay.dataset.mark}${text.slice(-digits)}` : text;
    };
    const show = () => {
      const given = Number(typed || "0");
      $('[data-show="tendered"]', pay).textContent = typed ? figure(given) : "–";
      $('[data-show="change"]', pay).textContent = given >= due ? figure(given - due) : "–";
      $("[data-take]", pay).disabled = !given;
      pay.elements.tendered.value = String(given);
    };
    const press = (key) => {
      typed = (key === "erase" ? typed.slice(0, -1) : typed + key).replace(/^0+/, "").slice(0, 8);
      show();
    };
    pay.addEventListener("click", (event) => {
      const key = event.target.closest("[data-key]"), tender = event.target.closest("[data-tender]");
      if (key) press(key.dataset.key);
      if (tender) pay.elements.tendered.value = tender.dataset.tender;
    });
    document.addEventListener("keydown", (event) => {
      if (/^\d$/.test(event.key)) press(event.key);
      if (event.key === "Backspace") press("erase");
    });
  }

  // --- a rail longer than the screen begins at its chosen key -------------------------------------
  $(".rail .chosen")?.scrollIntoView({ block: "nearest" });

  // --- barcode scanner: types fast and ends with Enter -------------------------------------------------
  const scanning = $("[data-scan]");
  if (scanning) {
    let code = "", last = 0;
    document.addEventListener("keydown", (event) => {
      if (event.target.matches("input[type=text]")) return;
      if (event.timeStamp - last > 100) code = "";
      last = event.timeStamp;
      if (event.key === "Enter" && code.length >= 6) {
        event.preventDefault();
        htmx.ajax("post", scanning.dataset.scan, { target: "#panel", source: "#panel", values: { code, command: freshId(), seat: $("#seat-keys :checked")?.value ?? 0 } });
        code = "";
      } else if (/^[0-9A-Za-z]$/.test(event.key)) code += event.key;
    });
  }

  // --- ages of tickets -----------------------------------------------------------------------------
  const ahead = Number(body.dataset.now) - Date.now();
  function ages() {
    const { warm = 300, hot = 600 } = $("[data-warm]")?.dataset ?? {};
    for (const ticket of $$("[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() + ahead - Number(ticket.dataset.since)) / 1000));
      const minutes = Math.floor(seconds / 60);
      $("[data-age]", ticket).textContent = `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
      ticket.classList.toggle("warm", seconds >= warm && seconds < hot);
      ticket.classList.toggle("hot", seconds >= hot);
    }
  }
  ages();
  keepEnd();
  setInterval(ages, 1000);
})();
