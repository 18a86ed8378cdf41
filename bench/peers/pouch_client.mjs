// SPDX-License-Identifier: Apache-2.0
// PouchDB replicates its documents, with their files attached: pouch_client.mjs URL FOLDER BATCH
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(process.env.PEERS + "/package.json");
const PouchDB = require("pouchdb").plugin(require("pouchdb-adapter-memory"));
const [url, folder, batch] = process.argv.slice(2);
const say = (what) => process.stdout.write(JSON.stringify({ say: what }) + "\n");
const local = new PouchDB("local", { adapter: "memory" });

for (const name of readdirSync(folder).sort()) {
  const attachments = {};
  for (const file of readdirSync(`${folder}/${name}`).filter((f) => f.endsWith(".bin"))) {
    const data = readFileSync(`${folder}/${name}/${file}`);
    attachments[file] = { content_type: "application/octet-stream", data };
  }
  const record = JSON.parse(readFileSync(`${folder}/${name}/0-record.json`, "utf8"));
  await local.put({ _id: name, record, ...(Object.keys(attachments).length ? { _attachments: attachments } : {}) });
}
say("ready");
await new Promise((go) => createInterface({ input: process.stdin }).once("line", go));
for (;;) {
  try {
    const remote = new PouchDB(`${url}/in`, { skip_setup: true });
    const result = await local.replicate.to(remote, { batch_size: Number(batch), batches_limit: 1 });
    if (result.ok && !result.doc_write_failures) break;
  } catch {
    // the next try goes on from its checkpoint
  }
  await new Promise((again) => setTimeout(again, 1000));
}
say("done");
process.exit(0);
