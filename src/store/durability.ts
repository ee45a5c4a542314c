import type { Redis } from 'ioredis';

/** What Redis says about itself; a value that it does not tell is undefined. */
export interface RedisAnswers {
  /** `INFO` of the sections persistence, memory and replication, joined. */
  info: string;
  /** `CONFIG GET append*`; undefined where a managed Redis forbids it. */
  config: Readonly<Record<string, string>> | undefined;
}

export interface Durability {
  /** A sentence for each setting that is weaker than the README asks for: what it is, and what that costs. */
  weak: readonly string[];
  /** Names of settings that Redis does not tell. */
  unknown: readonly string[];
}

/** What each weaker setting costs: the words of the README's table. */
export const COSTS = {
  everysec:
    'a crash loses about the last second: a message that Slack was told is stored, or the note that one was begun. What is left is looked for before it is sent; what is lost is lost without a word',
  no: 'a crash of the machine loses what the system had not written yet, half a minute or more, in the same way',
  appendonly: 'a restart loses everything since the last snapshot, or everything',
  policy:
    'Redis may drop messages that wait, when memory is short. With `noeviction` it refuses new ones instead; Slack is told, and the writer',
  replica: 'it can be read and not written to: nothing is taken in or delivered',
} as const;

/** Judges the answers. Never a reason not to start: whoever runs a weaker Redis is told what it costs. */
export function readDurability({ info, config }: RedisAnswers): Durability {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] || undefined;
  const weak: string[] = [];
  const unknown: string[] = [];
  const aof = { '0': 'no', '1': 'yes' }[field('aof_enabled') ?? ''] ?? config?.appendonly;
  const fsync = config?.appendfsync;
  const policy = field('maxmemory_policy');
  if (aof === undefined) unknown.push('appendonly');
  if (aof === 'no') weak.push(`Redis has \`appendonly no\`: ${COSTS.appendonly}.`);
  else if (fsync === undefined) unknown.push('appendfsync');
  else if (fsync === 'everysec' || fsync === 'no')
    weak.push(`Redis has \`appendfsync ${fsync}\`: ${COSTS[fsync]}.`);
  if (policy === undefined) unknown.push('maxmemory-policy');
  else if (policy !== 'noeviction') weak.push(`Redis has \`maxmemory-policy ${policy}\`: ${COSTS.policy}.`);
  if (field('role') === 'slave') weak.push(`Redis is a replica: ${COSTS.replica}.`);
  return { weak, unknown };
}

/**
 * Asks Redis how it is set.
 * @throws when Redis does not answer; a command that it forbids only leaves something unknown.
 */
export async function askDurability(redis: Redis): Promise<Durability> {
  const sections = await Promise.all(
    ['persistence', 'memory', 'replication'].map((section) => unlessRefused(redis.info(section))),
  );
  const config = await unlessRefused(redis.config('GET', 'append*'));
  return readDurability({
    info: sections.join('\r\n'),
    config: config === undefined ? undefined : pairs(config),
  });
}

/** What could not be checked, in a sentence for the log and the operator. */
export const notTold = (unknown: readonly string[]): string =>
  `Redis does not tell ${unknown.join(', ')}: whether that is as the README asks could not be checked.`;

/** Redis answered with an error: the command is unknown or forbidden. Anything else means that it did not answer. */
async function unlessRefused<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return undefined;
    throw error;
  }
}

/** A list of names and values; an object from newer protocols. */
function pairs(answer: unknown): Record<string, string> {
  if (!Array.isArray(answer)) return answer as Record<string, string>;
  const entries = answer.flatMap((name, i) => (i % 2 === 0 ? [[String(name), String(answer[i + 1])]] : []));
  return Object.fromEntries(entries);
}
