import { describe, expect, it } from 'vitest';
import { privateRedis } from '../setup/redis.ts';
import type { OpenedLog } from '../store/delivery-log/log.ts';
import { createOpenApiCheck, readOpenApi } from './openapi-check.ts';
import { idOf, serve } from './served.ts';

const server = await privateRedis();
const check = createOpenApiCheck(readOpenApi());
const open = (o?: Parameters<typeof serve>[2]) => serve(server, check, o);

const body = { recipients: ['grace@corp.com', 'T0CORP:U0ADA', '@on-call'], text: 'The build is red.' };

describe('the key of a request', () => {
  it('gives the same answer to the same request, from whichever process, and sends once', async () => {
    const { ask, fake, start } = await open();
    const first = await ask({ body, key: 'key-1' });
    const again = await ask(
      { body: { text: body.text, recipients: body.recipients }, key: 'key-1' },
      await start(),
    );
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(fake.calls).toEqual(['send']);
  });

  it('of another notification is refused', async () => {
    const { ask, fake } = await open();
    await ask({ body, key: 'key-1' });
    const refused = await ask({ body: { ...body, text: 'The build is green.' }, key: 'key-1' });
    expect(refused).toMatchObject({ status: 409, body: { type: '/problems/idempotency-key-reused' } });
    expect(fake.calls).toEqual(['send']);
  });

  it('is under way until there is an answer', async () => {
    const { ask, fake } = await open();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    fake.mood.takes = async () => {
      await held;
      return 'stored';
    };
    const first = ask({ body, key: 'key-1' });
    await expect.poll(() => fake.calls).toEqual(['send']);
    const second = await ask({ body, key: 'key-1' });
    expect(second).toMatchObject({ status: 409, body: { type: '/problems/request-under-way' } });
    expect(second.headers.get('retry-after')).toBe('1');
    letGo();
    const id = idOf(await first);
    expect(idOf(await ask({ body, key: 'key-1' }))).toBe(id);
  });

  it('whose process died before it could answer comes to the same notification', async () => {
    const opened = await open();
    const { ask, fake, redis } = opened;
    const id = idOf(await ask({ body, key: 'key-1' }));
    // As if the process had died between storing the notification and storing its answer.
    const key = await keyOf(opened);
    await redis.hdel(key, 'answer');
    expect(idOf(await ask({ body, key: 'key-1' }))).toBe(id);
    expect(fake.calls).toEqual(['send', 'send']);
    expect(fake.sent.size).toBe(1);
  });

  it('used again after it was forgotten is another notification', async () => {
    const opened = await open();
    const { ask, redis } = opened;
    const id = idOf(await ask({ body, key: 'key-1' }));
    await redis.del(await keyOf(opened));
    expect(idOf(await ask({ body, key: 'key-1' }))).not.toBe(id);
  });

  it.each([
    ['missing', undefined],
    ['with a blank', 'a b'],
    ['too long', 'a'.repeat(256)],
    ['empty', ''],
  ])('that is %s is refused', async (_what, key) => {
    const { ask, fake } = await open();
    expect(await ask({ body, key, isWrong: true })).toMatchObject({
      status: 400,
      body: { type: '/problems/no-idempotency-key' },
    });
    expect(fake.calls).toEqual([]);
  });
});

/** Where the only request that bore a key is in Redis. */
async function keyOf({ keys, dump }: Pick<OpenedLog, 'keys' | 'dump'>): Promise<string> {
  const [name = ''] = Object.keys(await dump()).filter((each) => each.startsWith('api-request:'));
  return keys.apiRequest(name.slice('api-request:'.length));
}

describe('what cannot be stored', () => {
  it.each([
    ['refused', '/problems/not-stored'],
    ['unsure', '/problems/not-sure'],
    ['person-full', '/problems/full'],
    ['bridge-full', '/problems/full'],
  ] as const)('is said (%s), and the same request may come again at once', async (taken, type) => {
    const { ask, fake } = await open();
    fake.mood.takes = async () => taken;
    const refused = await ask({ body, key: 'key-1' });
    expect(refused).toMatchObject({ status: 503, body: { type } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    fake.mood.takes = undefined;
    idOf(await ask({ body, key: 'key-1' }));
  });

  it('for sure leaves the key free for another one; else it does not', async () => {
    const { ask, fake } = await open();
    const other = { ...body, text: 'Never mind.' };
    fake.mood.takes = async () => 'refused';
    await ask({ body, key: 'key-1' });
    fake.mood.takes = async () => 'unsure';
    expect((await ask({ body: other, key: 'key-1' })).status).toBe(503);
    fake.mood.takes = undefined;
    expect((await ask({ body, key: 'key-1' })).status).toBe(409);
    idOf(await ask({ body: other, key: 'key-1' }));
    expect([...fake.sent.values()].at(-1)?.text).toBe('Never mind.');
  });

  it('because Redis is away in the middle is not sure', async () => {
    const { ask, fake } = await open();
    fake.mood.isAway = true;
    expect(await ask({ body, key: 'key-1' })).toMatchObject({
      status: 503,
      body: { type: '/problems/not-sure' },
    });
    fake.mood.isAway = false;
    idOf(await ask({ body, key: 'key-1' }));
  });
});
