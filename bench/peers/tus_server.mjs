// SPDX-License-Identifier: Apache-2.0
// The tus project's own server with its file store: tus_server.mjs FOLDER HOST PORT
import { createRequire } from "node:module";

const require = createRequire(process.env.PEERS + "/package.json");
const { Server } = require("@tus/server");
const { FileStore } = require("@tus/file-store");
const [folder, host, port] = process.argv.slice(2);
const server = new Server({ path: "/files", datastore: new FileStore({ directory: folder }) });
server.listen({ host, port: Number(port) }).requestTimeout = 0; // Node would end requests after five minutes
