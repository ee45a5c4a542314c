import { describe, expect, it } from 'vitest';
import { checkView } from '../../../sandbox/slack/view-check.ts';
import type { FilledIn } from '../../../sandbox/slack/view-state.ts';
import { makePlaceId, makeThreadId } from '../../../src/slack/ids.ts';
import { mirrorWords } from '../../../src/slack/mirror-words.ts';
import { startEdge } from '../edge.ts';
import { user } from '../fake-mirror.ts';
import { opened, textOf } from './in-form.ts';

const people = [
  { id: user(1), name: 'Ada Lovelace' },
  { id: user(2), name: 'Grace Hopper' },
];

/** The form about a message of Grace's in #general, opened by Ada. */
async function startWithForm() {
  const edge = await startEdge();
  const { slack, core } = edge;
  core.answers.checked = { kind: 'fine', people };
  const root = slack.say('U0GRACE', 'C0GENERAL', 'root').message;
  const form = await opened(slack, 'U0ADA', 'mirror_thread', root);
  const submit = (filledIn: FilledIn = { people: ['U0GRACE'], bring: 'last' }) =>
    slack.submitView('U0ADA', filledIn);
  return { ...edge, root, form, submit, ...core.mirrored };
}

describe('the form of a mirror, submitted', () => {
  it('begins it, with whoever the check has found, and says where that will be seen', async () => {
    const { slack, submit, started, checked, root, form } = await startWithForm();
    const { body, errors } = await submit({ people: ['U0GRACE', 'U0ALAN'], users: [user(7)], bring: 'root' });
    expect(errors).toBeUndefined();
    expect(checked).toEqual([
      {
        startedBy: 'T0CORP-U0ADA',
        chosen: { people: ['T0CORP-U0GRACE', 'T0CORP-U0ALAN'], users: [user(7)] },
      },
    ]);
    expect(started).toEqual([
      {
        id: `view-T0CORP-${form.id}`,
        request: {
          thread: makeThreadId({ team: 'T0CORP', channel: 'C0GENERAL', ts: root.ts }),
          place: makePlaceId({ team: 'T0CORP', channel: 'C0GENERAL' }),
          startedBy: 'T0CORP-U0ADA',
          people,
          bring: 'root',
          sinceUs: expect.any(Number),
        },
      },
    ]);
    expect(checkView(JSON.parse(body).view, true)).toEqual([]);
    expect(textOf(slack.viewsOf('U0ADA')[0])).toContain('is being mirrored');
  });

  it('is stored before it is answered', async () => {
    const { submit, core, started } = await startWithForm();
    let store = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      store = resolve;
    });
    let isAnswered = false;
    const submitted = submit().then(() => {
      isAnswered = true;
    });
    await expect.poll(() => core.mirrored.checked).toHaveLength(1);
    expect(isAnswered).toBe(false);
    store();
    await submitted;
    expect(started).toHaveLength(1);
  });

  it('brings the last replies along when nothing else is said', async () => {
    const { submit, started } = await startWithForm();
    await submit({ people: ['U0GRACE'] });
    expect(started[0]?.request.bring).toBe('last');
  });

  it.each([
    ['nobody', {}, { people: mirrorWords.nobody }],
    ['nobody but oneself', { people: ['U0ADA'] }, { people: mirrorWords.nobody }],
    [
      'nine people of both kinds',
      { people: ['U1', 'U2', 'U3', 'U4', 'U5'], users: [1, 2, 3, 4].map(user) },
      { users: mirrorWords.tooMany(8, 9) },
    ],
  ])('with %s is corrected on the field, and nobody is looked up', async (_who, filledIn, mistakes) => {
    const { slack, submit, checked, form } = await startWithForm();
    expect((await submit(filledIn as FilledIn)).errors).toEqual(mistakes);
    expect(checked).toEqual([]);
    expect(slack.viewsOf('U0ADA')).toMatchObject([{ id: form.id, callback_id: 'mirror_form' }]);
  });

  it('may name eight others beside oneself', async () => {
    const { submit, started } = await startWithForm();
    await submit({ people: ['U0ADA', 'U1', 'U2', 'U3', 'U4', 'U5', 'U6'], users: [user(7), user(8)] });
    expect(started).toHaveLength(1);
  });

  it('shows what the check has found where it was made', async () => {
    const { core, submit, started } = await startWithForm();
    core.answers.checked = { kind: 'mistaken', people: 'Grace is a guest.', users: 'Kurt is not active.' };
    expect((await submit()).errors).toEqual({ people: 'Grace is a guest.', users: 'Kurt is not active.' });
    expect(started).toEqual([]);
  });

  it.each(['busy', 'broken'] as const)(
    'asks to press again when nobody could be looked up: %s',
    async (how) => {
      const { core, submit, started } = await startWithForm();
      if (how === 'busy') core.answers.checked = { kind: 'busy' };
      core.answers.broken = how === 'broken';
      expect((await submit()).errors).toEqual({ people: mirrorWords.busy });
      expect(started).toEqual([]);
    },
  );

  it.each([
    ['thread-taken', /mirrored already/],
    ['people-taken', /Just these people have another/],
    ['refused', /^Nothing was started/],
    ['unsure', /^It is not sure yet/],
    ['person-full', /^Nothing was started: 5,000/],
    ['bridge-full', /^Nothing was started: too many/],
  ] as const)('says the truth when it is %s', async (outcome, said) => {
    const { core, submit } = await startWithForm();
    core.answers.started = outcome;
    expect((await submit()).errors).toEqual({ people: expect.stringMatching(said) });
  });

  it('is done when it had been stored before', async () => {
    const { core, submit } = await startWithForm();
    core.answers.started = 'duplicate';
    expect((await submit()).errors).toBeUndefined();
  });

  it('is answered in time when storing takes too long, and begins once however often it is pressed', async () => {
    const { core, submit, started } = await startWithForm();
    let store = () => {};
    core.answers.hold = new Promise<void>((resolve) => {
      store = resolve;
    });
    const { errors, ms } = await submit();
    expect(errors).toEqual({ people: mirrorWords.notStarted.unsure });
    expect(ms).toBeLessThan(3_000);
    store();
    await submit();
    expect(new Set(started.map(({ id }) => id)).size).toBe(1);
  });

  it.each([
    '',
    'null',
    '{',
    '{"v":2}',
    '{"v":1,"team":"T0CORP","channel":"C0GENERAL","ts":"17","sinceUs":1}',
  ])('is refused with %j for what it is about', async (metadata) => {
    const { slack, submit, form, checked } = await startWithForm();
    Object.assign(slack.viewsOf('U0ADA')[0] ?? {}, { private_metadata: metadata });
    expect(form.id).toBe(slack.viewsOf('U0ADA')[0]?.id);
    expect((await submit()).errors).toEqual({ people: mirrorWords.stale });
    expect(checked).toEqual([]);
  });

  it('reads nobody from what is no id', async () => {
    const { submit, checked } = await startWithForm();
    expect((await submit({ people: ['*'], users: ["005' OR"] })).errors).toEqual({
      people: mirrorWords.nobody,
    });
    expect(checked).toEqual([]);
  });
});
