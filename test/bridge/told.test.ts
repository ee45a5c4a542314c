import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/bridge/delivery.ts';
import type { NotificationId, SalesforceUserId } from '../../src/bridge/people.ts';
import { canResume, toldBy } from '../../src/bridge/told.ts';
import { queued } from './deliveries.ts';

const notification = { id: 'n1' as NotificationId, user: '005GRACE' as SalesforceUserId };
const told = (change: Partial<Delivery>, effects: Parameters<typeof toldBy>[1] = []) =>
  toldBy({ ...queued, notification, ...change }, effects);

describe('what becomes of one person’s message of a notification', () => {
  it('is told to its report, with the reason', () => {
    const failure = { code: 'veto', sentence: 'No.' };
    expect(told({ phase: 'sent' })).toEqual({ ...notification, outcome: 'delivered' });
    expect(told({ phase: 'failed', failure })).toEqual({ ...notification, outcome: 'failed', ...failure });
    expect(told({ phase: 'uncertain' })?.outcome).toBe('uncertain');
  });

  it('is that it was stopped, when its sender did that', () => {
    expect(told({ phase: 'failed', failure: { code: 'stopped', sentence: '' } })?.outcome).toBe('stopped');
  });

  it('is that it was discarded, which Resume does not send', () => {
    const discarded = told({ phase: 'discarded', failure: { code: 'veto', sentence: 'No.' } });
    expect(discarded).toMatchObject({ outcome: 'stopped', code: 'discarded' });
    expect(discarded && canResume(discarded)).toBe(false);
    expect(canResume({ outcome: 'stopped', code: 'stopped' })).toBe(true);
  });

  it('is that it waits again, when it is tried again', () => {
    expect(told({ phase: 'queued' }, [{ do: 'rejoinLane' }])?.outcome).toBe('waiting');
    expect(told({ phase: 'queued' })).toBeUndefined();
    expect(told({ phase: 'begun' })).toBeUndefined();
  });

  it('is nothing for any other message', () => {
    expect(toldBy({ ...queued, phase: 'sent' }, [])).toBeUndefined();
  });
});
