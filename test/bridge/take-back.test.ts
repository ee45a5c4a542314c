import { describe, expect, it } from 'vitest';
import { copyIdFor } from '../../src/bridge/incoming.ts';
import type { DeliveryId } from '../../src/bridge/people.ts';
import { takeBack } from '../../src/bridge/take-back.ts';
import { queued } from './deliveries.ts';

const message = 'msg-1' as DeliveryId;
const copy = copyIdFor('view-2' as DeliveryId, message);

async function takenBack(sent: readonly string[], of: DeliveryId | undefined) {
  const removed: string[] = [];
  const isWhole = await takeBack(
    message,
    of,
    {
      revisionsOf: async () => [],
      read: async (id) =>
        sent.includes(id)
          ? {
              delivery: {
                ...queued,
                phase: 'sent',
                arrived: { id: `03J of ${id}`, conversation: '', atMs: 1 },
              },
              content: undefined,
              isUnreadable: false,
            }
          : undefined,
    },
    { remove: async (id) => Boolean(removed.push(id)) },
  );
  return { isWhole, removed };
}

describe('a message that is taken back', () => {
  it('is taken back wherever its thread was mirrored', async () => {
    expect(await takenBack([message, copy], copy)).toEqual({
      isWhole: true,
      removed: [`03J of ${message}`, `03J of ${copy}`],
    });
  });

  it('need not have gone to more than one conversation', async () => {
    for (const of of [copy, undefined]) {
      expect(await takenBack([message], of)).toEqual({ isWhole: true, removed: [`03J of ${message}`] });
    }
  });
});
