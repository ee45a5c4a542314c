import type { ChatNotes } from './bridge/ports.ts';
import { createReport } from './bridge/report.ts';
import { createShowReport, isPassing } from './bridge/show-report.ts';
import { sayOnce } from './destinations.ts';
import type { Foundation } from './foundation.ts';

/** A report changes at most so often. */
const EVERY_MS = 2_000;
/** How often a worker looks which are due. */
const LOOK_MS = 500;
/** How many it shows at once. */
const MOST_AT_ONCE = 20;

/** Shows senders how far their notifications are, until it is stopped. All workers share the work out by what is due. */
export function startReporting(
  base: Foundation,
  notes: Pick<ChatNotes, 'change'>,
  onError: (error: Error) => void,
): { stop(): Promise<void> } {
  const { deliveries, notifications } = base;
  const show = createShowReport({
    log: deliveries,
    notifications,
    report: createReport({ log: deliveries, notifications, now: Date.now }),
    notes,
    say: (entry) => sayOnce(base, entry),
  });
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch((cause: unknown) => onError(new Error('reports', { cause })));
  }, LOOK_MS);

  async function look(): Promise<void> {
    const due = await notifications.dueReports(EVERY_MS, MOST_AT_ONCE);
    await Promise.all(
      due.map((id) =>
        show(id).catch((error: unknown) => {
          if (!isPassing(error)) onError(new Error('a report could not be shown', { cause: error }));
        }),
      ),
    );
  }

  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
