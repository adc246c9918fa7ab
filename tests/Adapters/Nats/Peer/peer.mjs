// The official JavaScript client, driven by the tests: one JSON request a line on stdin, one JSON answer a line on stdout.
// usage: node peer.mjs <folder with node_modules> <server url>
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/");
const { connect, headers } = require("@nats-io/transport-node");
const { jetstream, jetstreamManager } = require("@nats-io/jetstream");
const { Kvm } = require("@nats-io/kv");

const nc = await connect({ servers: process.argv[3] });
const js = jetstream(nc);
const jsm = await jetstreamManager(nc);
const kvm = new Kvm(nc);
const watches = new Map();
const subscriptions = new Map();

const bytes = (text) => Buffer.from(text ?? "", "base64");
const text = (data) => Buffer.from(data ?? []).toString("base64");
const fromMap = (map) => {
  if (!map) return undefined;
  const all = headers();
  for (const [name, value] of Object.entries(map)) all.set(name, value);
  return all;
};
const toMap = (all) => Object.fromEntries([...(all ?? [])].map(([name, values]) => [name, values[0]]));
const entry = (e) => e && { key: e.key, value: text(e.value), revision: e.revision, operation: e.operation };
const message = (m) => ({ subject: m.subject, value: text(m.data), headers: toMap(m.headers) });
const next = async (iterator) => (await iterator.next()).value;

const operations = {
  createBucket: async (r) => ((await kvm.create(r.bucket, { history: 1 })), true),
  put: async (r) => (await kvm.open(r.bucket)).put(r.key, bytes(r.value)),
  create: async (r) => (await kvm.open(r.bucket)).create(r.key, bytes(r.value)),
  update: async (r) => (await kvm.open(r.bucket)).update(r.key, bytes(r.value), r.revision),
  delete: async (r) => ((await (await kvm.open(r.bucket)).delete(r.key)), true),
  purge: async (r) => ((await (await kvm.open(r.bucket)).purge(r.key)), true),
  get: async (r) => entry(await (await kvm.open(r.bucket)).get(r.key)),
  keys: async (r) => {
    const keys = [];
    for await (const key of await (await kvm.open(r.bucket)).keys()) keys.push(key);
    return keys;
  },
  watch: async (r) => {
    const watch = await (await kvm.open(r.bucket)).watch();
    watches.set(r.bucket, watch[Symbol.asyncIterator]());
    return true;
  },
  nextChange: async (r) => entry(await next(watches.get(r.bucket))),
  stored: async (r) => {
    const m = await jsm.direct.getMessage(`KV_${r.bucket}`, { last_by_subj: `$KV.${r.bucket}.${r.key}` });
    return { subject: m.subject, value: text(m.data), headers: toMap(m.header), revision: m.seq };
  },
  publishAcked: async (r) => (await js.publish(r.subject, bytes(r.value), { headers: fromMap(r.headers) })).seq,
  publish: async (r) => (nc.publish(r.subject, bytes(r.value), { headers: fromMap(r.headers) }), await nc.flush(), true),
  subscribe: async (r) => {
    subscriptions.set(r.subject, nc.subscribe(r.subject)[Symbol.asyncIterator]());
    await nc.flush();
    return true;
  },
  nextMessage: async (r) => message(await next(subscriptions.get(r.subject))),
  request: async (r) => message(await nc.request(r.subject, bytes(r.value), { timeout: 10000, headers: fromMap(r.headers) })),
  respond: async (r) => {
    nc.subscribe(r.subject, {
      callback: (_, m) => m.respond(m.data, { headers: m.headers }),
    });
    await nc.flush();
    return true;
  },
};

console.log(JSON.stringify({ result: "ready" }));
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  try {
    console.log(JSON.stringify({ result: (await operations[request.op](request)) ?? null }));
  } catch (problem) {
    console.log(JSON.stringify({ error: String(problem.message ?? problem) }));
  }
}
await nc.close();
