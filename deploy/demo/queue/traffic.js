// The WhatsApp gateway's queue, without WhatsApp: a producer and a worker over BullMQ, until SIGTERM or SIGINT. Then
// nothing is added or taken any more, the queue is paused, and what waits stays where it is.
//
//   REDIS_URL=redis://:password@127.0.0.1:6379 node traffic.js RATE        jobs a second
"use strict";

const { MetricsTime, Queue, UnrecoverableError, Worker } = require("bullmq");
const Redis = require("ioredis");

const rate = Number(process.argv[2]);
if (!(rate > 0) || !process.env.REDIS_URL) {
  console.error("usage: REDIS_URL=redis://… node traffic.js RATE, in jobs a second");
  process.exit(2);
}

// BullMQ's workers wait for jobs as long as it takes.
const connection = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
const outgoing = new Queue("whatsapp-outgoing", { connection });
const dead = new Queue("whatsapp-dead", { connection });
const counts = { added: 0, sent: 0, failed: 0, dead: 0 };

const attempts = 2;
// By age, not by count: whoever checks the daemon counts a whole minute's jobs, however many there were.
const kept = { age: 15 * 60 }; // seconds
const keep = { removeOnComplete: kept, removeOnFail: kept };

// Of twenty jobs: two for later (one of them soon), three that go first, fifteen in line.
function options(n) {
  const retry = { attempts, backoff: { type: "fixed", delay: 3000 }, ...keep };
  if (n % 20 === 7) return { ...retry, delay: 600_000 };
  if (n % 20 === 17) return { ...retry, delay: 2_000 };
  return n % 20 < 3 ? { ...retry, priority: 1 + (n % 3) } : retry;
}

async function add() {
  const n = counts.added++;
  await outgoing.add("send", { n, to: `+49151${String(n).padStart(8, "0")}`, text: "Your order is on its way." }, options(n));
}

// One in fifteen is refused for good, one in nine once.
async function send(job) {
  await new Promise((resolve) => setTimeout(resolve, 20 + (job.data.n % 7) * 10));
  if (job.data.n % 15 === 11) throw new UnrecoverableError("131026: Message undeliverable");
  if (job.data.n % 9 === 4 && job.attemptsMade === 0) throw new Error("connection reset by gateway");
}

const worker = new Worker(outgoing.name, send, {
  connection,
  concurrency: 5,
  metrics: { maxDataPoints: MetricsTime.ONE_WEEK },
});
worker.on("completed", () => counts.sent++);
worker.on("failed", async (job, error) => {
  const last = error instanceof UnrecoverableError || job.attemptsMade >= attempts;
  if (!last) return;
  counts.failed++;
  await dead.add("dead", { ...job.data, reason: error.message }, keep);
  counts.dead++;
});
worker.on("error", (error) => console.error(`queue: ${error.message}`));

const report = (what) =>
  console.log(`queue: ${what}; ${counts.added} added, ${counts.sent} sent, ${counts.failed} failed for good`);

let adding = true;
async function produce() {
  const start = Date.now();
  for (let n = 0; adding; ++n) {
    await add();
    const wait = start + ((n + 1) * 1000) / rate - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function stop() {
  if (!adding) return;
  adding = false;
  await producing;
  await worker.close(); // lets jobs in hand end
  for (let i = 0; i < 20; ++i) await add(); // so that something waits in each way
  await outgoing.pause();
  while (counts.dead < counts.failed) await new Promise((resolve) => setTimeout(resolve, 10));
  clearInterval(reporting);
  report("stopped and paused");
  await Promise.all([outgoing.close(), dead.close()]);
  connection.disconnect();
}

const producing = outgoing.resume().then(produce);
const reporting = setInterval(() => report("goes on"), 10_000);
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
report(`${rate} jobs a second until SIGTERM or Ctrl-C`);
