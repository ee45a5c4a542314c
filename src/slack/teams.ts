/** The approved workspaces: team or enterprise id → the e-mail domains that count there (none named: any). */
export type Teams = ReadonlyMap<string, readonly string[]>;

/** Whether the bridge works for this workspace, named by its own id or its enterprise's. */
export function isApproved(teams: Teams, team: string | undefined, enterprise: string | undefined): boolean {
  return [team, enterprise].some((id) => id !== undefined && teams.has(id));
}

/** Whether an e-mail address of somebody in that workspace counts. Domains match whole, not by their ends. */
export function isApprovedEmail(
  teams: Teams,
  team: string,
  enterprise: string | undefined,
  email: string,
): boolean {
  const domains = teams.get(team) ?? (enterprise === undefined ? undefined : teams.get(enterprise));
  if (domains === undefined) return false;
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return domains.length === 0 || domains.some((approved) => approved.toLowerCase() === domain);
}
