import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortOut } from '../../src/slack/sort-out.ts';
import { startEdge } from './edge.ts';

const user = { id: 'U0ADA', team_id: 'T0CORP' };
const view = { id: 'V1', callback_id: 'send_form', private_metadata: '' };

/** One of each kind that people can cause, whole. */
const WHOLE: Record<string, Record<string, unknown>> = {
  'a message shortcut': {
    type: 'message_action',
    callback_id: 'mirror_thread',
    user,
    trigger_id: '1.2.a',
    channel: { id: 'C0GENERAL', name: 'general' },
    message: { ts: '1700000000.000100', text: 'hi' },
  },
  'a global shortcut': { type: 'shortcut', callback_id: 'compose', user, trigger_id: '1.2.a' },
  'a submitted form': { type: 'view_submission', user, view: { ...view, state: { values: {} } } },
  'a closed form': { type: 'view_closed', user, view },
  'a menu that wants options': { type: 'block_suggestion', user, action_id: 'find_users', value: 'gr' },
  'a button': { type: 'block_actions', user, actions: [{ action_id: 'stop_mirror', value: 'x' }] },
  'a Home tab that was opened': {
    type: 'event_callback',
    team_id: 'T0CORP',
    event: { type: 'app_home_opened', user: 'U0ADA', tab: 'home' },
  },
};

describe('what people do with what the app shows them', () => {
  it.each(Object.entries(WHOLE))('is usable when it is whole: %s', (_what, body) => {
    expect(sortOut(body)).toEqual({ kind: 'usable', body });
  });

  it.each(Object.entries(WHOLE))('is never usable without one of its parts: %s', (_what, body) => {
    const parts = Object.keys(body).filter((part) => part !== 'value');
    for (const part of parts) {
      for (const broken of [undefined, null, 7, [], 'x y']) {
        expect(sortOut({ ...body, [part]: broken }).kind, `${part} ${broken}`).not.toBe('usable');
      }
    }
  });

  it.each([
    ['shortcut', { callback_id: 'another' }],
    ['message_action', { callback_id: 'compose' }],
    ['view_submission', { view: { callback_id: 'another' } }],
    ['view_closed', { view: { callback_id: 'another' } }],
    ['block_suggestion', { action_id: 'another' }],
    ['block_actions', { actions: [{ action_id: 'another' }] }],
    ['dialog_submission', {}],
    ['constructor', {}],
  ])('is not needed when it is about something else: %s', (type, body) => {
    expect(sortOut({ type, user, ...body }).kind).toBe('unneeded');
  });

  it('is never an error, whatever comes', () => {
    const types = ['message_action', 'shortcut', 'view_submission', 'view_closed', 'block_suggestion'];
    const body = fc.record({ type: fc.constantFrom(...types), view: fc.jsonValue(), user: fc.jsonValue() });
    fc.assert(
      fc.property(fc.oneof(body, fc.jsonValue()), (anything) => {
        expect(sortOut(anything).kind).not.toBe('usable');
      }),
    );
  });

  it('names what is missing, and never what is there', () => {
    const broken = { ...WHOLE['a message shortcut'], message: { text: 'a secret' } };
    expect(sortOut(broken)).toEqual({ kind: 'junk', why: 'message_action without usable message.ts' });
  });
});

describe('a form that comes signed', () => {
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each(Object.entries(WHOLE).filter(([, { type }]) => type !== 'event_callback'))(
    'but broken is answered at once, and not sent again: %s',
    async (_what, body) => {
      const { slack } = await startEdge();
      const broken = new URLSearchParams({ payload: JSON.stringify({ ...body, user: 7 }) }).toString();
      const answer = await slack.post(broken, { ...slack.sign(broken), ...FORM });
      expect(answer).toMatchObject({ status: 400, headers: { 'x-slack-no-retry': '1' } });
      expect(answer.ms).toBeLessThan(1_000);
    },
  );

  it.each(Object.entries(WHOLE).filter(([, { type }]) => type !== 'event_callback'))(
    'from a workspace that is not approved does nothing, and is answered: %s',
    async (_what, body) => {
      const { slack, core } = await startEdge();
      const foreign = { ...body, user: { id: 'U0MALLORY', team_id: 'T0OTHER' }, team: { id: 'T0OTHER' } };
      const payload = new URLSearchParams({ payload: JSON.stringify(foreign) }).toString();
      const answer = await slack.post(payload, { ...slack.sign(payload), ...FORM });
      expect(answer.status).toBe(200);
      expect(answer.ms).toBeLessThan(1_000);
      expect(slack.calls.map(({ method }) => method)).toEqual(['auth.test']);
      expect([core.taken, core.mirrored.stopped, core.mirrored.started]).toEqual([[], [], []]);
    },
  );
});
