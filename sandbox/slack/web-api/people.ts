import type { Parts } from '../parts.ts';
import type { Fields, User, UserGroup } from '../shapes.ts';
import { flag, knownUser, type Methods, optionalText, paged, requiredText, SlackError } from './method.ts';

/** More people than Slack gives to whoever names no limit; the real number is not published. */
const LARGE_TEAM = 1_000;

export const PEOPLE: Methods = {
  'users.info': {
    scope: 'users:read',
    run: (args, parts) => ({ user: shownUser(knownUser(optionalText(args, 'user'), parts), parts) }),
  },
  'users.list': {
    scope: 'users:read',
    run(args, parts) {
      const { users } = parts.workspace;
      const { strangersAreListed } = parts.switches;
      if (args.limit === undefined && users.size > LARGE_TEAM) throw new SlackError('limit_required');
      const listed = [...users.values()].filter((user) => strangersAreListed || !user.is_stranger);
      const { page, response_metadata } = paged(listed, args, LARGE_TEAM);
      // Here only their team tells strangers, as far as Slack's own library knows the answer.
      const members = page.map((user) => shownUser({ ...user, is_stranger: false }, parts));
      return { members, cache_ts: 1_700_000_000, response_metadata };
    },
  },
  'users.lookupByEmail': {
    scope: 'users:read.email',
    run(args, parts) {
      const email = requiredText(args, 'email').toLowerCase();
      const users = [...parts.workspace.users.values()];
      // Deactivated people are not found either (facts of the method page).
      const user = users.find((candidate) => candidate.email?.toLowerCase() === email && !candidate.deleted);
      if (!user) throw new SlackError('users_not_found');
      return { user: shownUser(user, parts) };
    },
  },
  'usergroups.list': {
    scope: 'usergroups:read',
    run: (args, parts) => ({
      usergroups: [...parts.workspace.userGroups.values()]
        .filter((group) => !group.is_disabled || flag(args, 'include_disabled'))
        .map((group) => shownGroup(group, flag(args, 'include_users'), parts)),
    }),
  },
  'usergroups.users.list': {
    scope: 'usergroups:read',
    run(args, parts) {
      const group = parts.workspace.userGroups.get(requiredText(args, 'usergroup'));
      if (!group) throw new SlackError('no_such_subteam');
      if (!group.is_disabled || flag(args, 'include_disabled')) return { users: [...group.users] };
      const { disabledGroup } = parts.switches;
      if (disabledGroup === 'no_such_subteam') throw new SlackError('no_such_subteam');
      return { users: disabledGroup === 'empty' ? [] : [...group.users] };
    },
  },
};

/** A person with the fields of users.info; the e-mail address takes a scope of its own. */
function shownUser(user: User, { scopes, workspace }: Parts): Fields {
  const enterprise = workspace.team.enterprise_id;
  return {
    id: user.id,
    team_id: user.team_id,
    name: user.name,
    deleted: user.deleted,
    color: '9f69e7',
    real_name: user.real_name,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: 0,
    profile: {
      title: '',
      phone: '',
      skype: '',
      real_name: user.real_name,
      real_name_normalized: user.real_name,
      display_name: user.name,
      display_name_normalized: user.name,
      status_text: '',
      status_emoji: '',
      status_expiration: 0,
      avatar_hash: 'g0',
      team: user.team_id,
      ...(user.email && scopes.includes('users:read.email') ? { email: user.email } : {}),
    },
    is_admin: user.is_admin,
    is_owner: user.is_owner,
    is_primary_owner: false,
    is_restricted: user.is_restricted,
    is_ultra_restricted: user.is_ultra_restricted,
    is_bot: user.is_bot,
    is_app_user: false,
    updated: 1_700_000_000,
    is_email_confirmed: true,
    who_can_share_contact_card: 'EVERYONE',
    // Slack has the field only for people of other companies.
    ...(user.is_stranger ? { is_stranger: true } : {}),
    ...(enterprise
      ? { enterprise_user: { id: user.id, enterprise_id: enterprise, teams: [user.team_id] } }
      : {}),
  };
}

function shownGroup(group: UserGroup, withUsers: boolean, { workspace }: Parts): Fields {
  return {
    id: group.id,
    team_id: workspace.team.id,
    is_usergroup: true,
    is_subteam: true,
    is_external: false,
    name: group.name,
    description: '',
    handle: group.handle,
    date_create: 1_700_000_000,
    date_update: 1_700_000_000,
    date_delete: group.is_disabled ? 1_700_000_000 : 0,
    auto_type: null,
    created_by: 'USLACKBOT',
    updated_by: 'USLACKBOT',
    deleted_by: null,
    prefs: { channels: [], groups: [] },
    ...(withUsers ? { users: [...group.users] } : {}),
    user_count: group.users.length,
  };
}
