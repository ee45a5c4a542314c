import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conversationPage } from '../src/conversation-page.ts';

const server = createServer(conversationPage);
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/conversations`;
});
afterAll(() => void server.close());

describe('the page of a conversation', () => {
  it('says where it can be read', async () => {
    const response = await fetch(`${url}/03MgK0000000001UAA`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain('open the Chatter tab');
  });

  it('reveals nothing: it is the same for every id, and repeats none', async () => {
    const known = await (await fetch(`${url}/03MgK0000000001UAA`)).text();
    for (const id of ['', '/03MgK0000000002UAA', '/%3Cscript%3Ealert(1)%3C/script%3E']) {
      expect(await (await fetch(`${url}${id}`)).text()).toBe(known);
    }
    expect(known).not.toContain('03M');
  });

  it('loads nothing, runs nothing, is framed, kept and referred to by nobody', async () => {
    const { headers } = await fetch(`${url}/03MgK0000000001UAA`);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
