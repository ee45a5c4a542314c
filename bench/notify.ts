import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../sandbox/random.ts';
import type { NewUser } from '../sandbox/salesforce/org.ts';
import { sampleWorkspace } from '../sandbox/slack/sample-workspace.ts';
import type { WorkspaceSeed } from '../sandbox/slack/shapes.ts';
import { notify, report, reports } from '../test/flow/notifying.ts';
import { type RealProcess, startProcess } from '../test/flow/real-process.ts';
import { createWorld, slackIds, type World } from '../test/flow/world.ts';
import { type Figure, keepsBound, lineOf } from './figure.ts';

/**
 * One notification to a channel of 500 people: 30 of them have no Salesforce user, and those of 5 are not active. The real
 * processes with production's waits, and a real Redis that writes every command to its disk. First in peace, for the figures;
 * then with faults on both sides, workers that are killed, and a stop in the middle (see patient-worker.ts). Ends with 1 when anybody was told
 * twice, or not, or wrongly named, or a bound is broken.
 *
 *     npm run bench:notify
 */
const PEOPLE = 500;
const WITHOUT = 30;
const INACTIVE = 5;
const TOLD = PEOPLE - WITHOUT - INACTIVE;
const SEED = 7;
const KILLS = 6;
const KILL_EVERY_MS = 4_000;
/** Settling after a broken attempt alone takes fifteen seconds, each message of it for itself. */
const PATIENCE_MS = 200_000;
const MEGABYTE = 1024 * 1024;

const numbers = Array.from({ length: PEOPLE }, (_, i) => i);
const slackId = (i: number): string => `U1${String(i).padStart(4, '0')}`;
const email = (i: number): string => `person${i}@corp.com`;
const nameOf = (i: number): string => `Person ${i}`;

function workspace(): WorkspaceSeed {
  const sample = sampleWorkspace();
  const crowd = numbers.map((i) => ({
    id: slackId(i),
    name: `person${i}`,
    real_name: nameOf(i),
    email: email(i),
  }));
  const all = { id: 'C0ALL', name: 'all', members: ['U0BRIDGE', 'U0ADA', ...crowd.map(({ id }) => id)] };
  return { ...sample, users: [...sample.users, ...crowd], channels: [...sample.channels, all] };
}

const org = (): NewUser[] => [
  { name: 'Chatter Bridge', email: 'bridge@corp.com', username: 'bridge@corp.com.org' },
  { name: 'Ada Lovelace', email: 'ada@corp.com', username: 'ada@corp.com.org' },
  ...numbers
    .filter((i) => i >= WITHOUT)
    .map((i) => ({ name: nameOf(i), email: email(i), isActive: i >= WITHOUT + INACTIVE })),
];

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain: ${what}`);
    await pause(50);
  }
}

/** The people are looked up, and can be confirmed. */
const isReady = (world: World): boolean =>
  JSON.stringify(world.slack.viewsOf(slackIds.ada).at(-1)?.blocks ?? 'One moment…').includes(
    'One moment…',
  ) === false;

async function press(world: World, button: 'stop_notification' | 'resume_notification'): Promise<void> {
  const last = reports(world).at(-1);
  if (!last) throw new Error('there is no report');
  await world.slack.press(slackIds.ada, last, button);
}

const residentMB = ({ pid }: RealProcess): number =>
  (Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / MEGABYTE;

/** What has gone after it was stopped has its time before its text. */
const readersOf = (world: World, text: string): string[] =>
  world.salesforce.messages().flatMap((message) => (message.text.endsWith(text) ? message.recipientIds : []));

/** What is wrong with whom a notification has reached, and with what is said of it. */
function flaws(world: World, text: string): string[] {
  const readers = readersOf(world, text);
  const doubled = readers.length - new Set(readers).size;
  const said = report(world);
  const expected = [
    `*Delivered ${TOLD}.*`,
    `No Salesforce user with their e-mail address* (${WITHOUT})`,
    `Not active in Salesforce* (${INACTIVE})`,
  ];
  return [
    ...(readers.length - doubled === TOLD ? [] : [`${readers.length - doubled} of ${TOLD} told`]),
    ...(doubled === 0 ? [] : [`${doubled} told twice`]),
    ...expected.filter((words) => !said.includes(words)).map((words) => `not said: ${words}`),
  ];
}

const startPatient = ({ env }: World): Promise<RealProcess> =>
  startProcess('worker', env, 'bench/patient-worker.ts');

async function send(world: World, text: string): Promise<void> {
  await notify(world, `#all ${text}`);
  await until('the form', () => isReady(world));
  const answer = await world.slack.submitView(slackIds.ada);
  if ('errors' in answer) throw new Error(`the form was refused: ${JSON.stringify(answer)}`);
}

const isOver = (world: World): boolean => report(world).includes(`*Delivered ${TOLD}`);

async function inPeace(world: World, worker: RealProcess): Promise<Figure[]> {
  const text = 'In peace';
  const before = world.salesforce.requests.length;
  await notify(world, `#all ${text}`);
  await until('the form', () => isReady(world));
  const fromMs = performance.now();
  await world.slack.submitView(slackIds.ada);
  let mostMB = 0;
  await until('everybody to be told', () => {
    mostMB = Math.max(mostMB, residentMB(worker));
    return readersOf(world, text).length >= TOLD;
  });
  const tookMs = performance.now() - fromMs;
  await until('the report', () => isOver(world));
  process.stdout.write(
    flaws(world, text)
      .map((flaw) => `in peace: ${flaw}\n`)
      .join(''),
  );
  if (flaws(world, text).length > 0) process.exitCode = 1;
  const calls = (world.salesforce.requests.length - before) / TOLD;
  return [
    { what: `${TOLD} of ${PEOPLE} told, after Send`, value: tookMs, unit: 'ms', bound: 60_000 },
    { what: 'Salesforce calls a delivered message', value: calls, unit: 'calls', bound: 1.05 },
    { what: 'worker, resident at most', value: mostMB, unit: 'MB', bound: 400 },
  ];
}

/** Two workers, one of which is killed every few seconds; the sender stops in the middle, and goes on. */
async function underFire(world: World, workers: RealProcess[]): Promise<void> {
  const text = 'Under fire';
  const { faults } = world.salesforce;
  const of = { kind: 'post', text: (posted: string) => posted.endsWith(text) } as const;
  faults.arm({ do: 'drop-after', ...of, probability: 0.03, seed: SEED });
  faults.arm({ do: 'drop-before', ...of, probability: 0.03, seed: SEED + 1 });
  faults.arm({
    do: 'status',
    answer: '503-limit',
    retryAfterSeconds: 3,
    ...of,
    probability: 0.004,
    seed: SEED + 2,
  });
  faults.arm({ do: 'expired-session', ...of, probability: 0.004, seed: SEED + 3 });
  const limit = { kind: 'rate-limited', retryAfterSeconds: 2, probability: 0.2 } as const;
  world.slack.faults.arm({ method: 'chat.update', ...limit, seed: SEED });
  const random = seededRandom(SEED);
  let kills = 0;
  let isDone = false;
  const killing = (async () => {
    while (kills < KILLS && !isDone) {
      await pause(KILL_EVERY_MS);
      const victim = Math.floor(random() * workers.length);
      workers[victim]?.kill();
      workers[victim] = await startPatient(world);
      kills += 1;
    }
  })();
  await send(world, text);
  await until('a third', () => readersOf(world, text).length > TOLD / 3);
  await press(world, 'stop_notification');
  await until(
    'it to be stopped',
    () => /\*Stopped\.\*/.test(report(world)) && !report(world).includes('Being stopped'),
  );
  const stopped = readersOf(world, text).length;
  await pause(3_000);
  const flawed = readersOf(world, text).length === stopped ? [] : ['it went on after it was stopped'];
  await press(world, 'resume_notification');
  await until('the rest', () => isOver(world));
  isDone = true;
  await killing;
  for (const flaw of [...flawed, ...flaws(world, text)]) {
    process.stdout.write(`under fire: ${flaw}\n`);
    process.exitCode = 1;
  }
  process.stdout.write(
    `under fire: seed ${SEED}: ${new Set(readersOf(world, text)).size} of ${TOLD} told, ${stopped} before it was stopped; ${kills} kills\n`,
  );
}

const world = await createWorld({
  env: { LOG_LEVEL: 'info', NOTIFY_ALLOWED: 'everyone' },
  slack: { seed: workspace() },
  salesforce: { users: org() },
});
const workers: RealProcess[] = [];
const web = await startProcess('web', world.env);
try {
  workers.push(await startProcess('worker', world.env));
  world.slack.pointAt(`http://127.0.0.1:${web.port}/slack/events`);
  const figures = await inPeace(world, workers[0] as RealProcess);
  for (const figure of figures) process.stdout.write(`${lineOf(figure)}\n`);
  if (!figures.every(keepsBound)) process.exitCode = 1;
  for (const running of workers) await running.stop();
  workers.splice(0, 1, await startPatient(world), await startPatient(world));
  await underFire(world, workers);
} finally {
  for (const running of [web, ...workers]) running.kill();
  await world.close();
}
process.exit();
