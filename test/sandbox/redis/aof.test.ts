import fc from 'fast-check';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { blocksOf, cutAof } from '../../../sandbox/redis/aof.ts';
import { startRedis } from '../../../sandbox/redis/server.ts';

const resp = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
const starts = (text: string) => blocksOf(Buffer.from(text)).map(({ start, end }) => text.slice(start, end));

describe('the blocks of an AOF', () => {
  const set = resp('SET', 'a', 'line\r\n*1\r\n');
  const script = resp('MULTI') + resp('SET', 'b', '1') + resp('SET', 'c', '2') + resp('EXEC');
  it('are single commands, and what a script wrote as a whole', () => {
    expect(starts(set + script + set)).toEqual([set, script, set]);
  });
  it('leave out annotations, and what is torn', () => {
    expect(starts(`#TS:1700000000\r\n${set}${script}`.slice(0, -5))).toEqual([set]);
    expect(starts(set + set.slice(0, 9))).toEqual([set]);
  });

  const words = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 });
  const command = words.filter(([name]) => !/^(multi|exec)$/i.test(name ?? '')).map((all) => resp(...all));
  const block = fc.oneof(
    command,
    fc.array(command, { maxLength: 3 }).map((all) => resp('MULTI') + all.join('') + resp('EXEC')),
  );
  it('are found whatever is written in them, and wherever the file ends', () => {
    fc.assert(
      fc.property(fc.array(block), fc.nat(), (written, cut) => {
        const file = Buffer.from(written.join(''));
        const sizes = written.map((one) => Buffer.byteLength(one));
        const end = file.length === 0 ? 0 : cut % (file.length + 1);
        const whole = sizes.filter((_, i) => sizes.slice(0, i + 1).reduce((a, b) => a + b, 0) <= end);
        const found = blocksOf(file.subarray(0, end));
        expect(found.map((one) => one.end - one.start)).toEqual(whole);
      }),
    );
  });
});

describe('cutting', () => {
  async function written() {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    redis.on('error', () => undefined);
    for (const i of [1, 2, 3]) await redis.multi().set(`a:${i}`, i).set(`b:${i}`, i).exec();
    await redis.set('other', 'x');
    await server.kill();
    const left = async () => {
      await server.restart();
      const again = new Redis(server.url);
      const keys = await again.keys('*');
      again.disconnect();
      return keys.sort();
    };
    return { server, left };
  }

  it('takes off the last blocks that are meant, and what came after them', async () => {
    const { server, left } = await written();
    expect(await cutAof(server.folder, { blocks: 2, containing: 'a:' })).toHaveLength(3);
    expect(await left()).toEqual(['a:1', 'b:1']);
  });

  it('in the middle of one takes off all of it: what a script wrote is there whole or not at all', async () => {
    const { server, left } = await written();
    expect(await cutAof(server.folder, { blocks: 1, containing: 'a:', torn: true })).toHaveLength(2);
    expect(await left()).toEqual(['a:1', 'a:2', 'b:1', 'b:2']);
  });

  it('takes off nothing when nothing is meant', async () => {
    const { server, left } = await written();
    expect(await cutAof(server.folder, { blocks: 0 })).toEqual([]);
    expect(await cutAof(server.folder, { blocks: 1, containing: 'nowhere' })).toEqual([]);
    expect(await left()).toHaveLength(7);
  });
});
