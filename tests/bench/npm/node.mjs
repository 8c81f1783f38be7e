// One node of two: keeps a database on disk. As "far" it serves it over HTTP and says when each document
// was there; as "near" it writes documents at a steady rate and replicates with the other, both ways, live.
// usage: node.mjs far FOLDER COUNT   |   node.mjs near FOLDER URL FILE INTERVAL_MS
import { createRequire } from "node:module";
import fs from "node:fs";
import http from "node:http";
const require = createRequire(import.meta.url);
const PouchDB = require("pouchdb");
const [role, folder, ...rest] = process.argv.slice(2);
const Local = PouchDB.defaults({ prefix: folder + "/" });
const now = () => Number(process.hrtime.bigint()) / 1e9;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function far(count) {
  const app = require("express")();
  app.use("/", require("express-pouchdb")(Local, { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: folder + "/log.txt" }));
  const db = new Local("events");
  await db.info();
  const server = http.createServer(app).listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
  const seen = {};
  db.changes({ since: "now", live: true }).on("change", (change) => {
    seen[change.id] = now();
    if (Object.keys(seen).length === count) console.log(JSON.stringify(seen));
  });
}

async function near(url, file, interval) {
  const documents = fs.readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const db = new Local("events");
  const sync = db.sync(url + "/events", { live: true, retry: true });
  sync.on("error", (error) => { console.error(error); process.exit(1); });
  await pause(2000); // both directions wait for something to do
  console.log(JSON.stringify({ begin: now() }));
  const begun = {};
  const first = now();
  for (const [number, document] of documents.entries()) {
    await pause(Math.max(0, (first - now()) * 1000 + number * interval));
    begun[document._id] = now();
    await db.put(document);
  }
  console.log(JSON.stringify(begun));
}

await (role === "far" ? far(Number(rest[0])) : near(rest[0], rest[1], Number(rest[2])));
