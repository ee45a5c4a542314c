import type { Redis } from 'ioredis';
import type { Gate } from '../bridge/gate.ts';
import type { GateStore } from '../bridge/gates.ts';
import { type Keys, keepMs } from './keys.ts';
import { createScript } from './script.ts';

/**
 * KEYS gates. Redis's time, and each gate as it is stored.
 * No epoch here: a gate that a restored Redis has forgotten, or remembers from long ago, costs one request.
 */
const read = `
local t = redis.call('TIME')
local found = {string.format('%.0f', math.floor((t[1] * 1000000 + t[2]) / 1000))}
for i, key in ipairs(KEYS) do found[i + 1] = redis.call('GET', key) or '' end
return found
`;

/** KEYS gate. ARGV before, after ('' none), how long to keep it. Twice it says 'moved', and nothing has changed. */
const swap = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return {'moved'} end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return {'swapped'}
`;

/** Gates, shared by all workers. Each method is one script. */
export function createGateStore(redis: Redis, keys: Keys): GateStore {
  const run = { read: createScript(redis, read), swap: createScript(redis, swap) };
  return {
    async read(scopes) {
      const [nowMs, ...stored] = await run.read(scopes.map(keys.gate), []);
      return { nowMs: Number(nowMs), gates: stored.map(gateOf) };
    },
    async swap(scope, before, after) {
      const keep = after?.sinceMs === undefined ? keepMs.failures : keepMs.gate;
      const [done] = await run.swap([keys.gate(scope)], [textOf(before), textOf(after), keep]);
      return done === 'swapped';
    },
  };
}

const textOf = (gate: Gate | undefined): string => (gate ? JSON.stringify(gate) : '');

function gateOf(stored: string): Gate | undefined {
  if (stored === '') return undefined;
  const gate = JSON.parse(stored) as Gate;
  if (gate.v !== 1) throw new Error(`gate version ${String(gate.v)} is newer than this program`);
  return gate;
}
