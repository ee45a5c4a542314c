import type { Methods } from './method.ts';

/** Methods about the app itself. */
export const APP: Methods = {
  'auth.test': {
    run(_args, { workspace: { team, app, users } }) {
      return {
        url: `https://${team.domain}.slack.com/`,
        team: team.name,
        user: users.get(app.user_id)?.name ?? app.name,
        team_id: team.id,
        user_id: app.user_id,
        bot_id: app.bot_id,
        ...(team.enterprise_id ? { enterprise_id: team.enterprise_id } : {}),
        is_enterprise_install: false,
      };
    },
  },
  'apps.connections.open': {
    token: 'app',
    run: (_args, { sockets, responseUrls }) => ({
      url: responseUrls.baseUrl.replace('http', 'ws') + sockets.issueAddress(),
    }),
  },
};
