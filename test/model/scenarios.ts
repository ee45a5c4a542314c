import type { LaneKey } from '../../src/bridge/people.ts';
import { type Budget, message, type Scenario, scenario } from './protocol/scenario.ts';

/** One scenario at two bounds: small for the tests, large for `npm run model`. */
export interface Bounds {
  small: Scenario;
  large: Scenario;
}

function bounds(
  name: string,
  small: Partial<Budget>,
  large: Partial<Budget>,
  more: Partial<Scenario> = {},
): Bounds {
  return { small: scenario(name, small, more), large: scenario(name, large, more) };
}

const lane = (name: string): LaneKey => name as LaneKey;

/** The same words twice in a row: they are two messages, and stay two. */
const threeAlike = [message('m1'), message('m2'), message('m3')];
/** An e-mail address here, a mention there: two lanes that meet in one pair. */
const twoLanes = [message('m1', { lane: lane('by mention') }), message('m2', { lane: lane('by e-mail') })];
const oneInParts = [message('m1', { parts: 2 }), message('m2')];
const oneCommand = [message('m1', { by: 'command' }), message('m2')];

export const scenarios: readonly Bounds[] = [
  bounds('kills', { kill: 2 }, { kill: 3, broken: 1 }),
  bounds('lost answers', { broken: 2, kill: 1 }, { broken: 3, kill: 1 }),
  bounds('three alike', { broken: 1, kill: 1 }, { broken: 2, kill: 1 }, { messages: threeAlike }),
  bounds('stalls', { stall: 1, kill: 1 }, { stall: 2, kill: 1 }),
  bounds(
    'noes',
    { broken: 1, passingNo: 1, permanentNo: 1 },
    { broken: 1, passingNo: 2, permanentNo: 1, kill: 1 },
  ),
  bounds(
    'two lanes, one pair',
    { kill: 1, broken: 1 },
    { kill: 1, broken: 1, stall: 1 },
    { messages: twoLanes },
  ),
  bounds('in parts', { kill: 1, broken: 1 }, { kill: 1, broken: 1, stall: 1 }, { messages: oneInParts }),
  bounds('a long look', { broken: 2, kill: 1 }, { broken: 2, kill: 2 }, { looks: 3, mostPosts: 2 }),
  bounds(
    'no clock, older words alike',
    { kill: 1, broken: 1 },
    { kill: 2, broken: 1, passingNo: 1 },
    { clock: 'unheard', earlier: ['ok'] },
  ),
  bounds('a base too early', { kill: 1, broken: 1 }, { kill: 2, broken: 2 }, { baseErrs: true }),
  bounds('scripts run twice', { twice: 1, kill: 1 }, { twice: 2, kill: 1, stall: 1 }),
  bounds(
    'taking in',
    { redelivery: 1, disorder: 1, slowTake: 1 },
    { redelivery: 1, disorder: 1, slowTake: 2, kill: 1 },
    { messages: oneCommand },
  ),
  bounds(
    'people, after a no',
    { permanentNo: 1, retry: 1, discard: 1 },
    { permanentNo: 1, broken: 1, retry: 1, discard: 1 },
  ),
  bounds(
    'people, after silence',
    { silent: 1, retry: 1 },
    { silent: 1, permanentNo: 1, retry: 1, discard: 1 },
  ),
  bounds('a token is missing', { needsToken: 1, retry: 1 }, { needsToken: 1, retry: 1, discard: 1 }),
  bounds('nothing can be read', { unreadable: 1, kill: 1 }, { unreadable: 1, kill: 1, retry: 1, discard: 1 }),
  bounds('late commits', { broken: 1, late: 1, passingNo: 1 }, { broken: 1, late: 1, passingNo: 1, kill: 1 }),
  bounds(
    'late, in parts',
    { broken: 1, late: 1, silent: 1, discard: 1 },
    { broken: 2, late: 1, silent: 1, discard: 1, kill: 1 },
    { messages: [message('m1', { parts: 2 })] },
  ),
  bounds(
    'late after silence',
    { silent: 1, late: 1, discard: 1 },
    { silent: 1, late: 1, retry: 1, discard: 1 },
  ),
  bounds('between guard and write', { freeze: 1 }, { freeze: 1, broken: 1, kill: 1 }),
  bounds('typed by hand', { broken: 1, byHand: 1 }, { broken: 2, byHand: 1, kill: 1 }),
  bounds('Redis forgets', { restore: 1 }, { restore: 1, redelivery: 1, kill: 1 }, { forgets: 2 }),
  bounds(
    'Redis forgets parts',
    { restore: 1 },
    { restore: 1, kill: 1 },
    { forgets: 4, messages: [message('m1', { parts: 2 })] },
  ),
  bounds(
    'Redis forgets, two lanes',
    { restore: 1 },
    { restore: 1, redelivery: 1 },
    { forgets: 1, messages: twoLanes },
  ),
  bounds(
    'Redis forgets what waited',
    { restore: 1, needsToken: 1 },
    { restore: 1, needsToken: 1, kill: 1, retry: 1 },
    { forgets: 4, messages: [message('m1')] },
  ),
];

/** Too large to be explored whole: everything at once, but for what the promises do not hold under. */
export const atRandom: readonly Scenario[] = [
  scenario(
    'everything at once',
    {
      kill: 3,
      stall: 2,
      broken: 3,
      silent: 1,
      passingNo: 2,
      permanentNo: 1,
      needsToken: 1,
      unreadable: 1,
      redelivery: 2,
      disorder: 1,
      slowTake: 2,
      twice: 2,
      retry: 2,
      discard: 1,
      late: 1,
      freeze: 1,
    },
    {
      workers: 3,
      looks: 2,
      messages: [
        message('m1', { lane: lane('by mention') }),
        message('m2', { lane: lane('by e-mail'), parts: 2 }),
        message('m3', { lane: lane('by mention'), by: 'command' }),
        message('m4', { lane: lane('by e-mail'), text: 'other words' }),
      ],
    },
  ),
  scenario(
    'everything, and Redis forgets',
    { kill: 2, stall: 1, broken: 2, passingNo: 1, redelivery: 2, restore: 2 },
    {
      forgets: 4,
      messages: [
        message('m1', { lane: lane('by mention') }),
        message('m2', { lane: lane('by mention'), parts: 2 }),
        message('m3', { lane: lane('by e-mail') }),
      ],
    },
  ),
];
