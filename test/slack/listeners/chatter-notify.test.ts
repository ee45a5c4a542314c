import { describe, expect, it } from 'vitest';
import { DeliveryError, refusedForGood } from '../../../src/bridge/delivery-error.ts';
import type { NotificationId } from '../../../src/bridge/people.ts';
import { mirrorWords } from '../../../src/slack/mirror-words.ts';
import { notifyWords } from '../../../src/slack/notify-words.ts';
import { words } from '../../../src/slack/words.ts';
import { fieldOf, prepared, textOf } from './in-form.ts';
import { ADA, reachable, startNotifying, two } from './in-notify.ts';

const busy = (retry: DeliveryError['retry']) =>
  new DeliveryError({ retry, certain: true, code: 'x', sentence: 'Slack asked to wait a little.' });

describe('/chatter-notify to a few people', () => {
  it('is stored before it is answered, and names whom it goes to', async () => {
    const { type, notified, previewed, slack } = await startNotifying();
    const typed = '@grace alan@corp.com lunch *now*?';
    expect((await type(typed)).said).toBe('Sending to <@U0GRACE>, <mailto:alan@corp.com|alan@corp.com>…');
    const [trigger] = slack.deliveries.map(({ payload }) => payload?.trigger_id);
    expect(notified).toEqual([
      {
        id: `T0CORP-U0ADA-${String(trigger)}`,
        request: {
          by: ADA,
          text: 'lunch *now*?',
          to: {
            named: [
              { kind: 'person', id: 'T0CORP-U0GRACE' },
              { kind: 'email', email: 'alan@corp.com' },
            ],
          },
        },
      },
    ]);
    expect(previewed).toEqual([]);
    expect(slack.viewsOf('U0ADA')).toEqual([]);
  });

  it.each([
    ['refused', words.refused],
    ['unsure', words.unsure],
    ['person-full', words.full('person')],
    ['bridge-full', words.full('bridge')],
  ] as const)('says so when it is %s', async (taken, said) => {
    const { type, core } = await startNotifying();
    core.answers.taken = taken;
    expect((await type('@grace hello')).said).toBe(said);
  });

  it.each([
    ['help', notifyWords.help],
    ['@team', notifyWords.misuse('no-text')],
    ['@here hello', notifyWords.misuse('broadcast')],
  ])('explains itself when only %j was typed', async (typed, said) => {
    const { type, notified } = await startNotifying();
    expect((await type(typed)).said).toBe(said);
    expect(notified).toEqual([]);
  });
});

describe('/chatter-notify to many', () => {
  it('shows a form at once, and fills it when everybody has been looked up', async () => {
    const { type, core, slack, notified, previewed } = await startNotifying();
    let found = (_: typeof two) => {};
    core.answers.previewing = () =>
      new Promise((resolve) => {
        found = resolve;
      });
    const { status, ms } = await type('@team #general @grace hello');
    expect(status).toBe(200);
    expect(ms).toBeLessThan(2_000);
    expect(textOf(slack.viewsOf('U0ADA')[0])).toContain(mirrorWords.loading);
    await expect.poll(() => previewed).toHaveLength(1);
    expect(previewed[0]?.named).toMatchObject([{ kind: 'group' }, { kind: 'place' }, { kind: 'person' }]);
    found(two);
    const form = await prepared(slack, 'U0ADA');
    expect(textOf(form)).toContain(
      '*2 people get it,* each a private message of their own:\nPerson 0, Person 1',
    );
    expect(textOf(form)).toContain('• Not active in Salesforce: Blaise');
    expect(textOf(form)).toContain('• Apps: A Robot');
    expect(form.submit).toMatchObject({ text: 'Send' });
    expect(fieldOf(form, 'when')).toMatchObject({ initial_option: { value: 'now' } });
    expect(fieldOf(form, 'at')).toMatchObject({ type: 'datetimepicker' });
    expect(notified).toEqual([]);
  });

  it('shows the text as it will be in Chatter', async () => {
    const { opened } = await startNotifying();
    expect(textOf(await opened('@team *tea* & <cake> for @grace'))).toContain(
      'tea &amp; &lt;cake&gt; for @Grace Hopper',
    );
  });

  it('fits into a form however many there are', async () => {
    const leftOut = Array.from({ length: 2_000 }, (_, n) => ({ name: `Guest ${n}`, why: 'guest' as const }));
    const { opened, slack } = await startNotifying(
      { reachable: reachable(5_000), leftOut },
      { ingress: { notifyLimit: { free: 20, allowed: 'everyone' } } },
    );
    const form = await opened(`@team ${'words '.repeat(6_000)}`);
    expect(textOf(form)).toContain('*5,000 people get it,*');
    expect(textOf(form)).toContain('Person 49 and 4,950 more');
    expect(textOf(form)).toContain('Guest 14 and 1,985 more');
    expect(slack.calls.filter(({ ok }) => ok === false)).toEqual([]);
  });

  it.each([
    [
      'once and for all',
      refusedForGood('opted-out', 'You have opted out.'),
      /Nothing was sent\.\* You have opted out\.$/,
    ],
    ['just now', busy({ kind: 'later' }), /Nothing was sent\.\* Slack asked to wait a little\. .*try again/],
    [
      'for too long',
      busy({ kind: 'after', ms: 600_000 }),
      /Nothing was sent\.\* Slack asked to wait a little\. /,
    ],
    [
      'by a mistake of ours',
      new Error('secret'),
      /Nothing was sent\.\* It could not be found out just now who/,
    ],
  ])('says why there is nothing to send when that is refused %s', async (_when, failure, said) => {
    const { opened, core, notified, drafts } = await startNotifying();
    core.answers.previewing = async () => Promise.reject(failure);
    const view = await opened();
    const [block] = view.blocks as { text: { text: string } }[];
    expect(block?.text.text).toMatch(said);
    expect(view.submit).toBeNull();
    expect([notified, drafts.size]).toEqual([[], 0]);
  });

  it('waits as long as Slack asks to, and goes on from there', async () => {
    const { opened, core, previewed } = await startNotifying();
    core.answers.previewing = async () => {
      if (previewed.length < 3) throw busy({ kind: 'after', ms: 30 });
      return two;
    };
    expect(textOf(await opened())).toContain('2 people get it');
  });

  it('says where it was typed when there is no form', async () => {
    const { type, slack } = await startNotifying();
    slack.faults.arm({ method: 'views.open', kind: 'error', error: 'fatal_error' });
    expect((await type('@team hello')).status).toBe(200);
    await expect
      .poll(() => slack.ephemeralsOf('U0ADA').map(({ text }) => text))
      .toEqual([mirrorWords.notOpened]);
  });

  it('has nothing to press for who may not send to so many', async () => {
    const notifyLimit = { free: 1, allowed: 'admins' } as const;
    const { opened, drafts } = await startNotifying(two, { ingress: { notifyLimit } });
    const refusedView = await opened('@team hello', 'U0GRACE');
    expect(textOf(refusedView)).toContain(notifyWords.limited.admins(1));
    expect(refusedView.submit).toBeNull();
    expect(drafts.size).toBe(0);
    expect((await opened('@team hello', 'U0ADA')).submit).not.toBeNull();
  });
});

describe('/chatter-notify scheduled', () => {
  const later = { by: ADA, id: 'n1' as NotificationId, nextAtMs: 1e12, when: { atMs: 1e12 } };

  it('lists what is to be sent, the next first, and what is left after one was cancelled', async () => {
    const { type, slack, scheduled, decided } = await startNotifying();
    const again = { cron: '0 9 * * 1', timeZone: 'Europe/Berlin' };
    scheduled.push(later, { ...later, id: 'n2' as NotificationId, nextAtMs: 9e11, when: again });
    expect((await type('scheduled')).said).toBe('*2 notifications to be sent later*');
    const [list] = slack.ephemeralsOf('U0ADA');
    if (!list) throw new Error('no list');
    const shown = () => JSON.stringify(slack.ephemeralsOf('U0ADA').at(-1)?.blocks);
    expect(shown()).toMatch(/900000000.*0 9 \* \* 1 \(Europe\/Berlin\).*1000000000/);
    scheduled.shift();
    await slack.press('U0ADA', list, 'cancel_notification');
    expect(decided).toEqual([{ what: 'cancel', id: 'n2', by: ADA }]);
    await expect.poll(shown).toContain('*Cancelled.*');
    expect(shown()).toContain('*1 notification to be sent later*');
    expect(slack.ephemeralsOf('U0ADA')).toHaveLength(1);
  });

  it('says so when there is none, and when that is not known', async () => {
    const { type, core } = await startNotifying();
    expect((await type('scheduled')).said).toBe(notifyWords.noneScheduled);
    core.answers.broken = true;
    expect((await type('scheduled')).said).toBe(words.notRead);
  });
});
