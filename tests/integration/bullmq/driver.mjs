// Drives queues of a real BullMQ into known states, for tests/integration/queue_test.cpp.
//   node driver.mjs FOLDER bullmq4|bullmq5|bullmq6 REDIS_PORT
// One JSON command a line on stdin; one JSON answer a line on stdout, given when the command is done.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [folder, version, port] = process.argv.slice(2);
const require = createRequire(folder + '/');
const { Queue, Worker, FlowProducer } = require(version);
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };

// BullMQ's idea of now: the test says when it is, and it goes on from there.
const realNow = Date.now;
let shift = 0;
Date.now = () => realNow() + shift;

const queues = new Map();
const workers = new Map();
const held = new Map(); // jobs that are being worked on until they are let go

function queue({ queue, prefix = 'bull' }) {
  const key = `${prefix} ${queue}`;
  if (!queues.has(key)) queues.set(key, new Queue(queue, { prefix, connection }));
  return queues.get(key);
}

// What a job's name asks of the worker.
function work(job) {
  if (job.name === 'fail') throw new Error('as asked');
  if (job.name === 'hold') return new Promise((resolve) => held.set(job.id, resolve));
  return 'done';
}

async function until(command) {
  const deadline = realNow() + 20_000;
  for (;;) {
    const counts = await queue(command).getJobCounts(...Object.keys(command.counts));
    if (Object.entries(command.counts).every(([state, n]) => counts[state] === n)) return counts;
    if (realNow() > deadline) throw new Error(`still ${JSON.stringify(counts)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const commands = {
  clock: ({ now }) => { shift = now - realNow(); },
  add: async (command) => {
    const jobs = await queue(command).addBulk(command.jobs.map(({ name = 'ok', ...opts }) => ({ name, data: {}, opts })));
    return jobs.map((job) => job.id);
  },
  flow: async ({ queue: name, prefix = 'bull', children }) => {
    const flows = new FlowProducer({ connection, prefix });
    const child = (i) => ({ name: 'ok', data: {}, queueName: children, opts: {}, prefix, key: i });
    await flows.add({ name: 'ok', data: {}, queueName: name, prefix, children: [child(1), child(2)] });
    await flows.close();
  },
  pause: (command) => queue(command).pause(),
  resume: (command) => queue(command).resume(),
  obliterate: (command) => queue(command).obliterate({ force: true }),
  work: async (command) => {
    const { queue: name, prefix = 'bull', options = {} } = command;
    const worker = new Worker(name, async (job) => work(job), { prefix, connection, ...options });
    worker.on('error', () => {});
    await worker.waitUntilReady();
    workers.set(name, worker);
  },
  release: async () => {
    for (const resolve of held.values()) resolve('released');
    held.clear();
  },
  rest: async ({ queue: name }) => {
    await workers.get(name).close();
    workers.delete(name);
  },
  until,
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const command = JSON.parse(line);
    answer = { ok: (await commands[command.do](command)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
process.exit(0); // the test is over
