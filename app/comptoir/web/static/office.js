// The back office's two things a server cannot do: tables moved by touch, capitals on the keyboard.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const freshId = () => [...crypto.getRandomValues(new Uint8Array(8))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // --- capitals, and a way to put the keyboard away --------------------------------------------
  document.addEventListener("pointerdown", (event) => {
    const keys = $("[data-keyboard-keys]");
    if (!keys) return;
    if (event.target.closest("[data-hide]")) event.preventDefault();
    if (!event.target.closest("[data-shift]")) return;
    event.preventDefault();
    const capitals = keys.classList.toggle("capitals");
    for (const key of $$("[data-type]", keys)) {
      const text = key.dataset.type;
      if (text.length > 1) continue;
      key.dataset.type = capitals ? text.toUpperCase() : text.toLowerCase();
      key.textContent = text === " " ? "␣" : key.dataset.type;
    }
  });

  // not before the finger is off: what lies beneath would get the rest of the tap
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-hide]")) $("[data-keyboard-keys]").hidden = true;
  });

  // --- the floor: tap a table, then where it goes ----------------------------------------------
  const editor = $("[data-floor]");
  if (!editor) return;
  const ofTable = $("[data-of-table]", editor), ofRoom = $("[data-of-room]", editor);
  const label = $("input", ofTable), roomName = $("input", ofRoom);
  const seats = $("output", ofTable);
  let chosen = null;

  const room = () => $("[data-grid]:not([hidden])", editor);
  const cells = () => $$(".cell", editor);
  function draw(cell) {
    cell.classList.toggle("table", Boolean(cell.dataset.id));
    cell.classList.toggle("chosen", cell === chosen);
    cell.replaceChildren();
    if (!cell.dataset.id) return;
    const name = document.createElement("b"), places = document.createElement("small");
    name.textContent = cell.dataset.label;
    places.textContent = cell.dataset.seats;
    cell.append(name, places);
  }
  function choose(cell) {
    const before = chosen;
    chosen = cell;
    if (before) draw(before);
    ofTable.hidden = !cell;
    ofRoom.hidden = Boolean(cell) || !room();
    if (!cell) return;
    draw(cell);
    label.value = cell.dataset.label;
    seats.textContent = cell.dataset.seats;
  }
  function move(from, to) {
    for (const key of ["id", "label", "seats"]) {
      const there = to.dataset[key];
      to.dataset[key] = from.dataset[key];
      if (there === undefined) delete from.dataset[key]; else from.dataset[key] = there;
    }
    draw(from);
  }
  function nextLabel() {
    const known = new Set(cells().map((cell) => cell.dataset.label).filter(Boolean));
    let number = 1;
    while (known.has(String(number))) number += 1;
    return String(number);
  }
  function tapCell(cell) {
    if (chosen === cell) return choose(null);
    if (chosen) { move(chosen, cell); return choose(cell); }
    if (!cell.dataset.id) {
      Object.assign(cell.dataset, { id: `t-${freshId()}`, label: nextLabel(), seats: "4" });
    }
    return choose(cell);
  }
  function showRoom(id) {
    choose(null);
    for (const grid of $$("[data-grid]", editor)) grid.hidden = grid.dataset.grid !== id;
    for (const key of $$("[data-room]", editor)) key.classList.toggle("chosen", key.dataset.room === id);
    roomName.value = room()?.dataset.name ?? "";
    ofRoom.hidden = !room();
  }
  function addRoom() {
    const id = `r-${freshId()}`, grid = document.createElement("div");
    grid.className = "floor-grid";
    grid.dataset.grid = id;
    grid.dataset.name = editor.dataset.newTable;
    grid.append($("[data-grid-template]", editor).content.cloneNode(true));
    $(".grids", editor).append(grid);
    const key = document.createElement("button");
    key.type = "button";
    key.className = "key";
    key.dataset.room = id;
    key.textContent = grid.dataset.name;
    $("[data-add-room]", editor).before(key);
    showRoom(id);
  }
  editor.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at(".cell")) tapCell(at(".cell"));
    if (at("[data-room]")) showRoom(at("[data-room]").dataset.room);
    if (at("[data-add-room]")) addRoom();
    if (at("button[data-seats]:not(.cell)") && chosen) {
      const count = Number(chosen.dataset.seats) + Number(at("button[data-seats]").dataset.seats);
      chosen.dataset.seats = String(Math.min(60, Math.max(1, count)));
      choose(chosen);
    }
    if (at("[data-remove-table]") && chosen) {
      for (const key of ["id", "label", "seats"]) delete chosen.dataset[key];
      choose(null);
    }
    if (at("[data-remove-room]") && room()) {
      $(`[data-room="${room().dataset.grid}"]`, editor).remove();
      room().remove();
      showRoom($("[data-grid]", editor)?.dataset.grid);
    }
  });
  label.addEventListener("input", () => {
    if (chosen) { chosen.dataset.label = label.value.trim(); draw(chosen); }
  });
  roomName.addEventListener("input", () => {
    if (!room()) return;
    room().dataset.name = roomName.value;
    $(`[data-room="${room().dataset.grid}"]`, editor).textContent = roomName.value;
  });
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt !== editor) return;
    event.detail.parameters.plan = JSON.stringify($$("[data-grid]", editor).map((grid) => ({
      id: grid.dataset.grid, name: grid.dataset.name,
      tables: $$(".cell[data-id]", grid).map(({ dataset }) => ({
        id: dataset.id, label: dataset.label,
        seats: Number(dataset.seats), x: Number(dataset.x), y: Number(dataset.y),
      })),
    })));
  });
  cells().forEach(draw);
  ofRoom.hidden = !room();
})();
