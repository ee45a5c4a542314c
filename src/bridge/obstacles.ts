import type { Hand } from './apply.ts';
import { DeliveryError } from './delivery-error.ts';

/** @throws DeliveryError when it cannot be read: it then waits like one that waits for an administrator. */
export function readable({ content }: Pick<Hand, 'content'>): string {
  if (content !== undefined) return content;
  throw new DeliveryError({
    retry: { kind: 'later' },
    certain: true,
    code: 'text-unreadable',
    sentence:
      'The bridge cannot read the stored text of this message: the key for it is missing, or it was damaged. Whoever runs the bridge can see which, and may put the key back.',
    waitsFor: 'key',
  });
}

/** Thrown before anything was sent. It is tried again like any passing no, and told when that has not helped. */
export const unforeseen = (cause: unknown): DeliveryError =>
  new DeliveryError({
    retry: { kind: 'later' },
    certain: true,
    code: 'unforeseen',
    sentence:
      'The bridge cannot handle this message, which is its own mistake. Tell whoever runs the bridge.',
    cause,
  });
