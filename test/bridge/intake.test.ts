import { describe, expect, it } from 'vitest';
import type { DeliveryLog, TakeResult } from '../../src/bridge/delivery-log.ts';
import { createIntake } from '../../src/bridge/intake.ts';
import type { Incoming } from '../../src/bridge/message.ts';
import {
  type AnswerHandle,
  BRIDGE,
  type ChatPersonId,
  type ChatThreadId,
  type DeliveryId,
  type LaneKey,
} from '../../src/bridge/people.ts';
import { noStep } from '../../src/bridge/steps.ts';
import { end } from '../queue/rig.ts';
import { privateRedis } from '../setup/redis.ts';
import { entry, openLog } from '../store/delivery-log/log.ts';

const server = await privateRedis();
const ada = 'T0CORP-U0ADA' as ChatPersonId;
const incoming: Incoming = {
  id: 'msg-2' as DeliveryId,
  lane: 'to-grace' as LaneKey,
  message: { v: 1, author: ada, text: 'ok', to: { kind: 'people', people: [] } },
};
/** What storing may take of the budget. */
const STORE_MS = 1_500;
const never = () => new Promise<void>(() => {});

/** Takes in with this log; `after` says when time is over, which it is never. */
function intakeOn(log: DeliveryLog, o: { add?: () => Promise<void>; after?: (ms: number) => Promise<void> }) {
  const calls: string[] = [];
  const intake = createIntake({
    log,
    bell: {
      async add(_to, id, isHead) {
        await o.add?.();
        calls.push(`add ${id}${isHead ? ' as head' : ''}`);
      },
      ring: async (_to, id) => void calls.push(`ring ${id}`),
    },
    step: noStep,
    noticed: () => {},
    after: o.after ?? never,
  });
  return { intake, calls };
}

describe('the job of a message that was taken in', () => {
  it('runs when it is the head of its lane', async () => {
    const { log } = await openLog(server);
    const { intake, calls } = intakeOn(log, {});
    expect(await intake.take(incoming, true)).toBe('stored');
    expect(calls).toEqual(['add msg-2 as head']);
    expect(await intake.take(incoming, true)).toBe('duplicate');
    expect(calls).toHaveLength(1);
  });

  it('sleeps behind others, unless the last of them left before it was added', async () => {
    const opened = await openLog(server);
    await opened.takeAll(entry('msg-1'));
    const sleeping = intakeOn(opened.log, {});
    await sleeping.intake.take(incoming, true);
    expect(sleeping.calls).toEqual(['add msg-2']);

    const others = await openLog(server);
    await others.takeAll(entry('msg-1'));
    const { intake, calls } = intakeOn(others.log, { add: () => end(others, 'msg-1') });
    await intake.take(incoming, true);
    expect(calls).toEqual(['add msg-2', 'ring msg-2']);
  });
});

describe('a message that could not be stored in time', () => {
  /** A log whose answer to storing never comes, whatever became of it; then the time for storing is over. */
  function slow(log: DeliveryLog, isStored: boolean) {
    let timeIsOver = (): void => {};
    const over = new Promise<void>((resolve) => {
      timeIsOver = resolve;
    });
    const slowLog: DeliveryLog = {
      ...log,
      async take(...what): Promise<TakeResult> {
        if (isStored) await log.take(...what);
        timeIsOver();
        return new Promise(() => {});
      },
    };
    return { slowLog, after: (ms: number) => (ms === STORE_MS ? over : never()) };
  }

  it('is cancelled when nobody sends it again: nothing was sent, and never will be', async () => {
    const { log } = await openLog(server);
    const { slowLog, after } = slow(log, false);
    const { intake } = intakeOn(slowLog, { after });
    expect(await intake.take(incoming, false)).toBe('refused');
    expect(await log.take(entry(incoming.id))).toEqual({ kind: 'cancelled' });
  });

  it('is on its way when it was stored after all', async () => {
    const { log } = await openLog(server);
    const { slowLog, after } = slow(log, true);
    const { intake } = intakeOn(slowLog, { after });
    expect(await intake.take(incoming, false)).toBe('stored');
  });

  it('may be either when cancelling is not answered', async () => {
    const { log } = await openLog(server);
    const away: DeliveryLog = { ...slow(log, false).slowLog, cancel: () => new Promise(() => {}) };
    const { intake } = intakeOn(away, { after: async () => {} });
    expect(await intake.take(incoming, false)).toBe('unsure');
  });

  it('is left to the platform that sends it again', async () => {
    const { log } = await openLog(server);
    const { slowLog, after } = slow(log, false);
    const { intake } = intakeOn(slowLog, { after });
    expect(await intake.take(incoming, true)).toBe('refused');
    expect(await log.take(entry(incoming.id))).toMatchObject({ kind: 'stored' });
  });
});

describe('a store that takes no writes', () => {
  const noRoom: TakeResult = { kind: 'no-room', cause: new Error('full') };

  it('means that nothing was sent: nothing has to be withdrawn', async () => {
    const { log } = await openLog(server);
    const cancel = () => Promise.reject(new Error('full as well'));
    const { intake, calls } = intakeOn({ ...log, take: async () => noRoom, cancel }, {});
    expect(await intake.take(incoming, false)).toBe('refused');
    expect(await intake.take(incoming, true)).toBe('refused');
    expect(calls).toEqual([]);
  });

  it('is asked on until "not sure yet" has a last word', async () => {
    const { log } = await openLog(server);
    const answer = 'https://answer' as AnswerHandle;
    const typed: Incoming = { ...incoming, message: { ...incoming.message, answer } };
    const withdrawn: string[] = [];
    let asked = 0;
    const full: DeliveryLog = {
      ...log,
      async take(what) {
        if (what.delivery.id === typed.id) throw new Error('the connection broke');
        asked += 1;
        if (asked < 3) return noRoom;
        withdrawn.push(what.delivery.id);
        return log.take(what);
      },
      // Noted it cannot be; once the deadline has passed it need not be.
      async cancel(_id, isOverdue = false) {
        if (!isOverdue) throw new Error('full');
        return true;
      },
    };
    const after = async (ms: number) => (ms === STORE_MS ? never() : undefined);
    const { intake, calls } = intakeOn(full, { after });
    expect(await intake.take(typed, false)).toBe('unsure');
    await expect.poll(() => calls).toHaveLength(1);
    expect(withdrawn).toHaveLength(1);
    expect(calls).toEqual([`ring ${withdrawn[0]}`]);
  });
});

describe('a message of which as much waits as is taken', () => {
  const full = () => openLog(server, { ofPerson: 0 });
  const reply: Incoming = {
    ...incoming,
    message: {
      ...incoming.message,
      text: 'one too many',
      to: { kind: 'thread', thread: 'thread-1' as ChatThreadId },
    },
  };

  it('is refused with the reason where that can be said at once', async () => {
    const { log } = await full();
    const { intake, calls } = intakeOn(log, {});
    expect(await intake.take(incoming, false)).toBe('person-full');
    expect(calls).toEqual([]);
  });

  it('is told about once, in its thread, where the platform would only send it again', async () => {
    const { log, redis, keys } = await full();
    const { intake, calls } = intakeOn(log, {});
    for (let i = 0; i < 2; i += 1) expect(await intake.take(reply, true)).toBe('person-full');
    expect(calls).toEqual(['add full-msg-2 as head']);
    const told = await log.read('full-msg-2' as DeliveryId);
    expect(JSON.parse(told?.content ?? '')).toMatchObject({
      person: ada,
      entry: { thread: 'thread-1', say: { words: 'not-taken', of: 'person', excerpt: 'one too many' } },
    });
    expect(await redis.zcard(keys.openOf(ada))).toBe(0);
  });

  it('is told to nobody when a program has the bridge say it', async () => {
    const { log } = await full();
    const { intake, calls } = intakeOn(log, {});
    const said = { ...incoming, message: { ...incoming.message, author: BRIDGE } };
    expect(await intake.take(said, true)).toBe('person-full');
    expect(calls).toEqual([]);
  });

  it('is left to the platform while nothing can be said either', async () => {
    const { log } = await openLog(server, { inAll: 0, inAllToSay: 0 });
    expect(await intakeOn(log, {}).intake.take(reply, true)).toBe('refused');
  });
});

describe('commands of which it is not sure whether they were stored', () => {
  it('are kept in mind up to a bound; beyond it nothing is stored, which is sure', async () => {
    const { log } = await openLog(server);
    let asked = 0;
    const silent: DeliveryLog = {
      ...log,
      take: () => {
        asked += 1;
        return new Promise(() => {});
      },
      cancel: () => new Promise(() => {}),
    };
    const SURE_EVERY_MS = 2_000;
    const after = (ms: number) => (ms === SURE_EVERY_MS ? never() : Promise.resolve());
    const { intake } = intakeOn(silent, { after });
    for (let i = 0; i < 1_000; i += 1) expect(await intake.take(incoming, false)).toBe('unsure');
    expect(await intake.take(incoming, false)).toBe('refused');
    expect(asked).toBe(1_000);
    expect(await intake.take(incoming, true)).toBe('refused');
    expect(asked).toBe(1_001);
  });
});
