import type { Gates } from '../../src/bridge/gates.ts';
import type { ReadBudget } from '../../src/bridge/ports.ts';

/** Gates that let everything through, for tests of an edge by itself. */
export const openGates: Gates = { through: (_scopes, work) => work(), check: async () => {} };

export const endlessReads: ReadBudget = { take: async () => {} };
