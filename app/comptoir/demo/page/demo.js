// Draws what /state says, every 400 ms, and sends what a person asks for.
"use strict";

const SCREEN_WIDTH_PX = 800;
const PERIOD_MS = 400;
const $ = (id) => document.getElementById(id);
const cards = new Map();

async function run(line) {
  const answer = await fetch("command", {
    method: "POST",
    headers: { "X-Comptoir-Demo": "1", "Content-Type": "text/plain" },
    body: line,
  });
  $("answer").textContent = await answer.text();
}

function build(terminal) {
  const card = $("card").content.firstElementChild.cloneNode(true);
  const part = (name) => card.querySelector(name);
  const frame = part("iframe");
  part(".letter").textContent = terminal.number;
  part(".name").textContent = terminal.name;
  frame.title = `Till ${terminal.letter}, ${terminal.name}`;
  part("a").href = terminal.url;
  part(".kill").onclick = () => run(`kill ${terminal.number}`);
  part(".steal").onclick = () => run(`steal ${terminal.number}`);
  part(".cut").onclick = () => run(`${card.classList.contains("unplugged") ? "plug" : "cut"} ${terminal.number}`);
  part(".view").onclick = () => show(card, frame, terminal, card.dataset.view === "kitchen" ? "floor" : "kitchen");
  new ResizeObserver(([entry]) => {
    frame.style.transform = `scale(${entry.contentRect.width / SCREEN_WIDTH_PX})`;
  }).observe(part(".screen"));
  $("terminals").append(card);
  return card;
}

function show(card, frame, terminal, view) {
  card.dataset.view = view;
  frame.src = terminal.url + view;
  card.querySelector(".view").textContent = view === "kitchen" ? "Floor" : "Kitchen";
}

function condition(terminal) {
  if (terminal.power !== "on") return terminal.power;
  return terminal.cable ? "on" : "unplugged";
}

const COVERS = {
  dead: "No power.\nIts tables go on elsewhere.",
  stolen: "Stolen.\nIts peers and the cloud refuse it from now on.",
};

function draw(terminal) {
  let card = cards.get(terminal.id);
  if (!card) cards.set(terminal.id, (card = build(terminal)));
  const frame = card.querySelector("iframe");
  const now = condition(terminal);
  const answers = terminal.power === "on" && terminal.answers;
  if (answers && card.dataset.shown !== "yes") {
    card.dataset.shown = "yes";
    show(card, frame, terminal, card.dataset.view || (terminal.name === "Kitchen" ? "kitchen" : "floor"));
  }
  if (!answers && terminal.power !== "on" && card.dataset.shown === "yes") {
    card.dataset.shown = "";
    frame.src = "about:blank";
  }
  card.className = `terminal ${now}`;
  card.querySelector(".cover p").textContent = COVERS[now] || "";
  card.querySelector(".state").textContent = terminal.state;
  card.querySelector(".cut").textContent = terminal.cable ? "Unplug" : "Plug in";
  for (const name of ["kill", "steal", "cut", "view"]) card.querySelector(`.${name}`).disabled = terminal.power !== "on";
  if (terminal.power === "dead") card.querySelector(".steal").disabled = false;
  card.querySelector(".robots").textContent = terminal.robots.length ? `Robots here: ${terminal.robots.join(", ")}` : "No robot here";
}

function rows(list, items, fill) {
  while (list.children.length > items.length) list.lastElementChild.remove();
  items.forEach((item, i) => fill(list.children[i] || list.appendChild(document.createElement("li")), item));
}

function drawTimeline(row, entry) {
  if (row.dataset.key === `${entry.at}${entry.text}`) return;
  row.dataset.key = `${entry.at}${entry.text}`;
  const time = document.createElement("time");
  time.textContent = `${entry.at.toFixed(1)} s`;
  const text = document.createElement("span");
  text.textContent = entry.text;
  text.className = entry.tone;
  row.replaceChildren(time, text);
}

function drawRobot(row, robot) {
  const name = document.createElement("b");
  name.textContent = robot.name;
  row.replaceChildren(name, ` · ${robot.place}: ${robot.doing}`);
}

function drawAll(state) {
  for (const name of ["acknowledged", "safe", "lost"]) $(name).textContent = state[name].toLocaleString("en");
  document.querySelector(".lost").classList.toggle("some", state.lost > 0);
  document.body.classList.toggle("offline", !state.internet);
  $("cloud-state").textContent = state.internet ? `holds ${state.cloud.toLocaleString("en")}` : `out of reach, ${state.cloud.toLocaleString("en")} held`;
  $("internet-verb").textContent = state.internet ? "Cut the internet" : "Internet back on";
  $("internet").dataset.command = state.internet ? "internet off" : "internet on";
  state.terminals.forEach(draw);
  rows($("timeline"), state.timeline.slice().reverse(), drawTimeline);
  rows($("robots"), state.robots, drawRobot);
  $("pins").textContent = state.staff.map((p) => `${p.pin} ${p.role}`).join(" · ");
}

async function poll() {
  try {
    drawAll(await (await fetch("state")).json());
    document.body.classList.remove("ended");
  } catch {
    $("answer").textContent = "The demo has ended.";
  }
  setTimeout(poll, PERIOD_MS);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-command]");
  if (button) run(button.dataset.command);
});
$("prompt").addEventListener("submit", (event) => {
  event.preventDefault();
  run($("line").value);
  $("line").value = "";
});
poll();
