// SPDX-License-Identifier: Apache-2.0
// PouchDB behind its HTTP face, in memory; notes the documents that have come: pouch_server.mjs FOLDER HOST PORT
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.env.PEERS + "/package.json");
const express = require("express");
const PouchDB = require("pouchdb").plugin(require("pouchdb-adapter-memory")).defaults({ adapter: "memory" });
const [folder, host, port] = process.argv.slice(2);
const app = express();
app.use("/", require("express-pouchdb")(PouchDB, { mode: "minimumForPouchDB", inMemoryConfig: true }));
const db = new PouchDB("in");
db.changes({ live: true, since: 0 }).on("change", (change) => appendFileSync(`${folder}/arrived`, `${change.id}\n`));
app.listen(Number(port), host).requestTimeout = 0; // Node would end requests after five minutes
