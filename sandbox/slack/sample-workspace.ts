import type { WorkspaceSeed } from './shapes.ts';

/** A small company: three people, one of each kind that must be refused, two channels and a group. */
export function sampleWorkspace(): WorkspaceSeed {
  return {
    team: { id: 'T0CORP', name: 'Corp', domain: 'corp' },
    app: { app_id: 'A0BRIDGE', bot_id: 'B0BRIDGE', user_id: 'U0BRIDGE', name: 'Chatter Bridge' },
    users: [
      { id: 'U0BRIDGE', name: 'chatter_bridge', real_name: 'Chatter Bridge', is_bot: true },
      { id: 'U0ADA', name: 'ada', real_name: 'Ada Lovelace', email: 'ada@corp.com', is_admin: true },
      { id: 'U0GRACE', name: 'grace', real_name: 'Grace Hopper', email: 'grace@corp.com' },
      { id: 'U0ALAN', name: 'alan', real_name: 'Alan Turing', email: 'alan@corp.com' },
      { id: 'U0GUEST', name: 'guest', real_name: 'A Guest', email: 'guest@else.com', is_restricted: true },
      { id: 'U0CONNECT', name: 'connect', real_name: 'A Stranger', team_id: 'T0ELSE', is_stranger: true },
      { id: 'U0ROBOT', name: 'robot', real_name: 'A Robot', is_bot: true },
      { id: 'U0GONE', name: 'gone', real_name: 'Gone Away', email: 'gone@corp.com', deleted: true },
      { id: 'U0NOMAIL', name: 'nomail', real_name: 'No Mail' },
    ],
    channels: [
      { id: 'C0GENERAL', name: 'general', members: ['U0BRIDGE', 'U0ADA', 'U0GRACE', 'U0ALAN', 'U0GUEST'] },
      { id: 'C0RANDOM', name: 'random', members: ['U0ADA', 'U0GRACE'] },
      { id: 'G0SECRET', name: 'secret', is_private: true, members: ['U0BRIDGE', 'U0ADA', 'U0ALAN'] },
      { id: 'G0CLOSED', name: 'closed', is_private: true, members: ['U0GRACE', 'U0ALAN'] },
    ],
    userGroups: [{ id: 'S0TEAM', name: 'The team', handle: 'team', users: ['U0GRACE', 'U0ALAN'] }],
  };
}
