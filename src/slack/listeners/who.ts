import type { ChatPersonId } from '../../bridge/people.ts';
import { makePersonId } from '../ids.ts';

/** Who has done something, as Slack names them. */
export interface Doer {
  team: string;
  user: string;
  person: ChatPersonId;
}

/** @param team as Bolt has found it, which knows where the app is installed; else the workspace of what was used. */
export function doerOf(
  done: {
    user: { id: string; team_id?: string | null | undefined };
    team?: { id: string } | null | undefined;
  },
  team: string | undefined,
): Doer {
  const named = { team: team ?? done.team?.id ?? done.user.team_id ?? '', user: done.user.id };
  return { ...named, person: makePersonId(named) };
}
