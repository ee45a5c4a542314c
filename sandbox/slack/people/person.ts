import type { Fields } from '../shapes.ts';
import type { Workspace } from '../workspace.ts';

/** The fields that every interaction begins with: what it is, and who did it. */
export function person(workspace: Workspace, userId: string, type: string): Fields {
  const { team, app } = workspace;
  const { name, team_id } = workspace.user(userId);
  const enterprise = team.enterprise_id;
  return {
    type,
    token: 'legacy-verification-token',
    api_app_id: app.app_id,
    team: { id: team.id, domain: team.domain, ...(enterprise ? { enterprise_id: enterprise } : {}) },
    enterprise: enterprise ? { id: enterprise, name: team.name } : null,
    user: { id: userId, username: name, name, team_id },
    is_enterprise_install: false,
  };
}
