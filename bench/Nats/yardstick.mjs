// The work of the benchmark, done by the official JavaScript client. Prints seconds.
// usage: node yardstick.mjs <folder with node_modules> <url> <bucket> <kind> <count> <tasks> <bytes>
import { createRequire } from "node:module";

const [folder, url, bucket, kind, count, tasks, size] = process.argv.slice(2).map((a, i) => (i > 3 ? Number(a) : a));
const require = createRequire(folder + "/");
const { connect } = require("@nats-io/transport-node");
const { Kvm } = require("@nats-io/kv");

const nc = await connect({ servers: url });
const kvm = new Kvm(nc);
const value = new Uint8Array(size);

const parallel = (total, workers, one) => {
  let next = 0;
  const worker = async () => {
    while (next < total) await one(next++);
  };
  return Promise.all(Array.from({ length: workers }, worker));
};
const time = async (work) => {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
};

// As long as it takes to be compiled.
const warm = await kvm.open("bench-warm");
await parallel(20_000, 64, (i) => warm.put(`key-${i % 1000}`, value));
await parallel(5_000, 64, (i) => warm.get(`key-${i % 1000}`));

const kv = await kvm.open(bucket);
const put = (i) => kv.put(`key-${i}`, value);
const work = {
  Put: () => time(() => parallel(count, tasks, put)),
  Publish: () =>
    time(async () => {
      for (let i = 0; i < count; i++) {
        nc.publish("bench.core", value);
        // Lets the socket take what was written; without it all would be kept in memory first.
        if (i % 1000 === 999) await new Promise(setImmediate);
      }
      await nc.flush();
    }),
  Get: () => time(() => parallel(count, tasks, async (i) => ((await kv.get(`key-${i % 10_000}`)) ?? fail("missing")))),
  LiveWatch: async () => {
    const watch = await kv.watch({ include: "updates" });
    const seen = (async () => {
      let n = 0;
      for await (const _ of watch) if (++n === count) return;
    })();
    return time(async () => {
      await parallel(count, tasks, put);
      await seen;
    });
  },
  Snapshot: () =>
    time(async () => {
      let n = 0;
      for await (const entry of await kv.watch()) {
        n++;
        if (entry.delta === 0) break;
      }
      if (n !== count) fail(`${n} of ${count} keys`);
    }),
};
const fail = (reason) => {
  throw new Error(reason);
};

console.log(await work[kind]());
await nc.close();
