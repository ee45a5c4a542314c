import { describe, expect, it } from 'vitest';
import type { NotificationId } from '../../../src/bridge/people.ts';
import { notifyWords } from '../../../src/slack/notify-words.ts';
import type { EdgeOptions } from '../edge.ts';
import { textOf } from './in-form.ts';
import { ADA, reachable, startNotifying, two } from './in-notify.ts';

async function start(preview = two, options: EdgeOptions = {}) {
  const edge = await startNotifying(preview, options);
  const form = await edge.opened('@team *hello*');
  const submit = (filledIn: Record<string, string> = {}) => edge.slack.submitView('U0ADA', filledIn);
  const shown = () => textOf(edge.slack.viewsOf('U0ADA').at(-1));
  return { ...edge, form, submit, shown };
}
const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;

describe('a notification that is confirmed', () => {
  it('goes to just those who were shown, with the text as it was written', async () => {
    const { form, submit, shown, notified, core } = await start();
    // Who is in the group by now does not count.
    core.answers.preview = { reachable: reachable(9), leftOut: [] };
    expect(await submit()).toMatchObject({ status: 200 });
    expect(notified).toEqual([
      {
        id: `T0CORP-${form.id}`,
        request: { by: ADA, text: '*hello*', to: { confirmed: two } },
        // Whoever hears that it could not be stored presses again.
        comesAgain: true,
      },
    ]);
    expect(shown()).toContain('Sending to 2 people');
  });

  it('can be five thousand people', async () => {
    const preview = { reachable: reachable(5_000), leftOut: [] };
    const { submit, notified } = await start(preview, {
      ingress: { notifyLimit: { free: 20, allowed: 'everyone' } },
    });
    expect((await submit()).errors).toBeUndefined();
    expect(notified[0]?.request.to).toEqual({ confirmed: preview });
  });

  it('is planned when that was chosen', async () => {
    const { form, submit, shown, notified } = await start();
    expect((await submit({ when: 'later', at: String(inAnHour) })).errors).toBeUndefined();
    expect(notified).toEqual([
      {
        id: `T0CORP-${form.id}`,
        request: { by: ADA, text: '*hello*', to: { confirmed: two } },
        when: { atMs: inAnHour * 1_000 },
      },
    ]);
    expect(shown()).toContain(`To be sent to 2 people <!date^${inAnHour}^`);
  });

  it.each([
    ['no time', { when: 'later', at: '' }, { at: notifyWords.noTime }],
    ['a time that has passed', { when: 'later', at: '1700000000' }, { at: notifyWords.timePassed }],
  ])('is not planned at %s', async (_what, filledIn, errors) => {
    const { submit, notified } = await start();
    expect((await submit(filledIn)).errors).toEqual(errors);
    expect(notified).toEqual([]);
    expect((await submit()).errors).toBeUndefined();
  });

  it('is corrected when its time passes just then', async () => {
    const { submit, core } = await start();
    core.answers.scheduling = () => {
      throw new RangeError('passed');
    };
    const { errors } = await submit({ when: 'later', at: String(inAnHour) });
    expect(errors).toEqual({ at: notifyWords.timePassed });
  });

  it.each([
    ['refused', /press again/],
    ['unsure', /not sure yet/],
    ['person-full', /^Nothing was sent: 5,000/],
    ['bridge-full', /^Nothing was sent: too many/],
  ] as const)('stays open when it is %s, and is the same when it is pressed again', async (taken, said) => {
    const { submit, core, notified } = await start();
    core.answers.taken = taken;
    expect((await submit()).errors).toEqual({ when: expect.stringMatching(said) });
    core.answers.taken = 'stored';
    expect((await submit()).errors).toBeUndefined();
    expect(new Set(notified.map(({ id }) => id)).size).toBe(1);
  });

  it('is sent once when another time is chosen after it was not sure', async () => {
    const { form, submit, core, notified, decided, shown } = await start();
    core.answers.taken = 'unsure';
    await submit({ when: 'later', at: String(inAnHour) });
    core.answers.taken = 'stored';
    expect((await submit()).errors).toBeUndefined();
    // What may have been planned does not go once more.
    expect(decided).toEqual([{ what: 'cancel', id: `T0CORP-${form.id}`, by: ADA }]);
    expect(notified).toHaveLength(2);

    const other = await start();
    other.core.answers.taken = 'unsure';
    await other.submit();
    other.core.answers.taken = 'stored';
    const id = `T0CORP-${other.form.id}` as NotificationId;
    other.core.answers.report = { id, by: ADA, createdAtMs: 0, state: 'sending', people: [], leftOut: [] };
    expect((await other.submit({ when: 'later', at: String(inAnHour) })).errors).toBeUndefined();
    expect(other.notified).toHaveLength(1);
    expect(other.shown()).toContain('Sending to 2 people');
    expect(shown()).toContain('Sending to 2 people');
  });

  it('stays open when Redis does not answer', async () => {
    const { submit, core } = await start();
    core.answers.broken = true;
    expect((await submit()).errors).toEqual({ when: notifyWords.notSent.refused });
  });

  it('is answered in time when storing takes long, and can be pressed again', async () => {
    const { submit, core } = await start();
    let store = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      store = resolve;
    });
    const { errors, ms } = await submit();
    expect(errors).toEqual({ when: notifyWords.notSent.unsure });
    expect(ms).toBeLessThan(2_900);
    store();
    expect((await submit()).errors).toBeUndefined();
  });

  it('is not sent when it is not known whether somebody may send to so many', async () => {
    const notifyLimit = { free: 1, allowed: 'admins' } as const;
    const { submit, slack, notified } = await start(two, { ingress: { notifyLimit } });
    slack.faults.arm({ method: 'users.info', kind: 'error', error: 'internal_error' });
    expect((await submit()).errors).toEqual({ when: notifyWords.limitUnknown });
    expect(notified).toEqual([]);
  });

  it('is not kept when its form is closed, nor for long when it was sent', async () => {
    const { slack, drafts, form, opened, submit } = await start();
    expect([...drafts.keys()]).toEqual([form.id]);
    await slack.closeView('U0ADA');
    await expect.poll(() => drafts.size).toBe(0);
    const again = await opened();
    await submit();
    await expect.poll(() => [...drafts.keys()]).toContain(`faded ${again.id}`);
  });

  it('has to be typed anew when it is not kept any more', async () => {
    const { submit, drafts, notified } = await start();
    drafts.clear();
    expect((await submit()).errors).toEqual({ when: notifyWords.stale });
    expect(notified).toEqual([]);
  });
});
