import { describe, expect, it } from 'vitest';
import { startEdge } from '../edge.ts';

const place = 'T0CORP-C0GENERAL';

describe('what is mirrored in a channel', () => {
  it.each([
    ['channel_archive', 'place-archived'],
    ['group_archive', 'place-archived'],
    ['channel_deleted', 'place-archived'],
    ['group_deleted', 'place-archived'],
    ['channel_left', 'app-removed'],
    ['group_left', 'app-removed'],
    ['channel_shared', 'place-shared'],
  ])('rests after %s', async (type, why) => {
    const { slack, core } = await startEdge();
    expect(await slack.event({ type, channel: 'C0GENERAL' })).toMatchObject([{ status: 200 }]);
    expect(core.placed).toMatchObject([{ rest: { place }, why }]);
  });

  it('rests when the app itself is removed, and goes on when somebody else leaves', async () => {
    const { slack, core } = await startEdge();
    const left = { type: 'member_left_channel', channel: 'C0GENERAL', channel_type: 'C', team: 'T0CORP' };
    await slack.event({ ...left, user: 'U0ADA' });
    expect(core.placed).toEqual([]);
    await slack.event({ ...left, user: 'U0BRIDGE' });
    expect(core.placed).toMatchObject([{ rest: { place }, why: 'app-removed' }]);
  });

  it('goes on in a shared channel that an administrator has allowed', async () => {
    const { slack, core } = await startEdge({ ingress: { connect: new Set(['C0GENERAL']) } });
    await slack.shareChannel('C0GENERAL', 'T0ELSE');
    expect(core.placed).toEqual([]);
  });

  it('rests when its channel has got another id and is shared already', async () => {
    const { slack, core } = await startEdge();
    slack.workspace.channel('C0GENERAL').is_ext_shared = true;
    const moved = { type: 'channel_id_changed', old_channel_id: 'G0SECRET', new_channel_id: 'C0GENERAL' };
    await slack.event({ ...moved, channel: 'C0GENERAL' });
    expect(core.placed).toMatchObject([
      { from: 'T0CORP-G0SECRET', to: place },
      { rest: { place }, why: 'place-shared' },
    ]);
  });

  it('is followed when the channel gets another id', async () => {
    const { slack, core } = await startEdge();
    await slack.event({
      type: 'channel_id_changed',
      old_channel_id: 'G0SECRET',
      new_channel_id: 'C0SHARED',
    });
    expect(core.placed).toEqual([{ from: 'T0CORP-G0SECRET', to: 'T0CORP-C0SHARED' }]);
  });

  it.each([
    { type: 'channel_archive', channel: 'C0GENERAL' },
    { type: 'member_left_channel', channel: 'C0GENERAL', user: 'U0BRIDGE' },
    { type: 'channel_id_changed', old_channel_id: 'C0A', new_channel_id: 'C0B' },
  ])('is told of again when that could not be stored: $type', async (event) => {
    const { slack, core } = await startEdge({ slack: { retryDelaysMs: [] } });
    core.answers.broken = true;
    expect(await slack.event(event)).toMatchObject([{ status: 500 }]);
  });

  it.each([
    { type: 'channel_archive' },
    { type: 'channel_left', channel: { id: 'C0GENERAL' } },
    { type: 'member_left_channel', channel: 'C0GENERAL' },
    { type: 'channel_id_changed', old_channel_id: 'C0A' },
  ])('is not touched by what cannot be read: %j', async (event) => {
    const { slack, core, lines } = await startEdge({ slack: { retryDelaysMs: [0] } });
    const attempts = await slack.event(event);
    expect(attempts).toHaveLength(1);
    expect(core.placed).toEqual([]);
    expect(lines.some((line) => line.includes(`${event.type} without usable`))).toBe(true);
  });
});
