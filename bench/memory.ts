import { bounds } from '../src/bridge/bounds.ts';
import { createIntake } from '../src/bridge/intake.ts';
import { laneOf } from '../src/bridge/lane.ts';
import type { Addressee, AnswerHandle, ChatPersonId, DeliveryId } from '../src/bridge/people.ts';
import { noStep } from '../src/bridge/steps.ts';
import { layFoundation } from '../src/foundation.ts';
import { createLogger } from '../src/ops/log.ts';
import { createWorld } from '../test/flow/world.ts';
import { type Figure, keepsBound, lineOf } from './figure.ts';

/**
 * What a message that waits takes in Redis: everything, its job and its counts included. Commands as Slack sends them,
 * of 100 characters, from 50 people to 20 others each. Prints what the bound on all waiting messages comes down to.
 *
 *     npm run bench:memory
 */
const PEOPLE = 50;
const MESSAGES = 5_000;
const TEXT = 'Shall we have lunch at noon, or rather a little later? '.padEnd(100, 'x');
/** What a small Redis has for it. */
const MOST_MEGABYTES = 512;
const MEGABYTE = 1024 * 1024;

const world = await createWorld({ redis: { appendfsync: 'no' } });
const base = await layFoundation(world.config, createLogger('silent', 'bench'), {});
try {
  const { deliveries, bell, state } = base;
  const intake = createIntake({
    log: deliveries,
    bell,
    step: noStep,
    noticed: () => {},
    after: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
  });
  const usedBytes = async () => Number(/^used_memory:(\d+)/m.exec(await state.info('memory'))?.[1]);
  const take = (i: number) => {
    const author = `T0CORP-U0PERSON${i % PEOPLE}` as ChatPersonId;
    const people: Addressee[] = [{ kind: 'person', id: `T0CORP-U0OTHER${i % 20}` as ChatPersonId }];
    const answer = `https://hooks.slack.com/commands/T0CORP00000/${i}/${'a'.repeat(24)}` as AnswerHandle;
    const id = `cmd-${author}-7800000000000.${i}.0123456789abcdef0123456789abcdef` as DeliveryId;
    const message = { v: 1, author, text: TEXT, to: { kind: 'people', people }, answer } as const;
    return intake.take({ id, lane: laneOf(author, people), message }, false);
  };
  await take(MESSAGES);
  const before = await usedBytes();
  for (let i = 0; i < MESSAGES; i += 1) {
    const taken = await take(i);
    if (taken !== 'stored') throw new Error(`a message was ${taken}`);
  }
  const each = ((await usedBytes()) - before) / MESSAGES;
  const figures: Figure[] = [
    {
      what: 'Redis memory a waiting message',
      value: each,
      unit: 'bytes',
      bound: (MOST_MEGABYTES * MEGABYTE) / bounds.inAll,
    },
    {
      what: `the same, ${bounds.inAll} of them`,
      value: (each * bounds.inAll) / MEGABYTE,
      unit: 'MB',
      bound: MOST_MEGABYTES,
    },
  ];
  for (const figure of figures) process.stdout.write(`${lineOf(figure)}\n`);
  process.exitCode = figures.every(keepsBound) ? 0 : 1;
} finally {
  await base.close();
  await world.close();
}
