import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'vitest';
import type { OrgUser } from '../../sandbox/salesforce/org.ts';
import {
  type SalesforceOptions as ServerOptions,
  type StandInSalesforce,
  startSalesforce,
} from '../../sandbox/salesforce/server.ts';
import { DeliveryError } from '../../src/bridge/delivery-error.ts';
import type { SalesforceUser } from '../../src/bridge/people.ts';
import type { SendWatch } from '../../src/bridge/ports.ts';
import { toUserId } from '../../src/chatter/ids.ts';
import { createSalesforce, type Salesforce, type SalesforceOptions } from '../../src/chatter/salesforce.ts';
import { endlessReads, openGates } from '../setup/open-gates.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const clientId = 'chatter-bridge';

export const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** An org with a few people, and the edge under test in front of it. */
export interface TestOrg {
  server: StandInSalesforce;
  salesforce: Salesforce;
  ada: SalesforceUser;
  grace: SalesforceUser;
  alan: SalesforceUser;
  /** A second edge with other options, to the same org. */
  edge(options?: Partial<SalesforceOptions>): Salesforce;
  close(): Promise<void>;
}

export async function startOrg(options: Partial<ServerOptions> = {}): Promise<TestOrg> {
  const server = await startSalesforce({
    clientId,
    publicKey,
    users: [
      { name: 'Ada Lovelace', email: 'ada@corp.com' },
      { name: 'Grace Hopper', email: 'grace@corp.com' },
      { name: 'Alan Turing', email: 'alan@corp.com' },
      { name: 'Chatter Bridge', email: 'admin@corp.com', username: 'bridge@corp.com' },
    ],
    ...options,
  });
  const edges: Salesforce[] = [];
  const edge = (more: Partial<SalesforceOptions> = {}) => {
    const created = createSalesforce({
      loginUrl: server.url,
      clientId,
      privateKey: privateKeyPem,
      username: 'bridge@corp.com',
      apiVersion: '66.0',
      pubSubUrl: server.pubSub?.url ?? '',
      timeouts: { sendMs: 400, readMs: 400, tokenMs: 400 },
      gates: openGates,
      reads: endlessReads,
      shareReadsMs: 1_000,
      now: Date.now,
      ...more,
    });
    edges.push(created);
    return created;
  };
  const [ada, grace, alan] = server.users.map(asSalesforceUser);
  if (!ada || !grace || !alan) throw new Error('the org has not enough people');
  return {
    server,
    ada,
    grace,
    alan,
    edge,
    salesforce: edge(),
    async close() {
      await server.close();
      await Promise.all(edges.map((each) => each.close()));
    },
  };
}

export function asSalesforceUser({ id, username, name }: OrgUser): SalesforceUser {
  return { id: toUserId(id), username, name };
}

/** A watch that allows everything. */
export const noWatch: SendWatch = { guard() {}, step() {} };

/** What a promise fails with; it must be a DeliveryError. */
export async function failureOf(promise: Promise<unknown>): Promise<DeliveryError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DeliveryError);
  return error as DeliveryError;
}
