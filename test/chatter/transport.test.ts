import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { SendWatch } from '../../src/bridge/ports.ts';
import type { StepName } from '../../src/bridge/steps.ts';
import { BrokenExchange, RefusedAnswer } from '../../src/chatter/http-failure.ts';
import { createAgent, PooledTransport, type TransportOptions } from '../../src/chatter/transport.ts';

const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** Starts a server and gives a transport's way to it. */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  const connections: Socket[] = [];
  server.on('connection', (socket) => connections.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = createAgent();
  closings.push(
    () => stop(server),
    () => agent.close(),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/here`;
  const ask = (options: Partial<TransportOptions> = {}) =>
    new PooledTransport({ agent, timeoutMs: 300, ...options }).httpRequest({ method: 'GET', url });
  const post = (body: string, options: Partial<TransportOptions> = {}) =>
    new PooledTransport({ agent, timeoutMs: 300, ...options }).httpRequest({ method: 'POST', url, body });
  return { url, agent, connections, ask, post };
}

function stop(server: Server) {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}

/** Records how much has arrived at each named step, and can be made to throw. */
function recordingWatch(
  failAtGuard = Number.POSITIVE_INFINITY,
): SendWatch & { steps: StepName[]; guards: number } {
  return {
    steps: [],
    guards: 0,
    guard() {
      this.guards += 1;
      if (this.guards >= failAtGuard) throw new Error('no longer ours');
    },
    step(name) {
      this.steps.push(name);
    },
  };
}

const brokenBy = (promise: Promise<unknown>): Promise<BrokenExchange> =>
  promise.then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(BrokenExchange);
      return error as BrokenExchange;
    },
  );

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

describe('the transport', () => {
  it('reuses its connections', async () => {
    const { ask, connections } = await serve((_request, response) => response.end('ok'));
    for (let times = 0; times < 20; times++) await ask();
    // The pool opens a second one when asked again within the turn in which the first became free.
    expect(connections.length).toBeLessThan(3);
  });

  it('keeps status and Retry-After of a refusal', async () => {
    const { ask } = await serve((_request, response) => {
      response.writeHead(503, { 'retry-after': '7' }).end('[{"errorCode":"SERVER_UNAVAILABLE"}]');
    });
    await expect(ask()).rejects.toMatchObject({
      status: 503,
      retryAfterMs: 7_000,
      errorCodes: ['SERVER_UNAVAILABLE'],
    });
  });

  it('does not follow a redirect, and asks nobody twice', async () => {
    const seen: (string | undefined)[] = [];
    const { ask, url } = await serve((request, response) => {
      seen.push(request.url);
      response.writeHead(307, { location: `${url}/elsewhere` }).end();
    });
    await expect(ask()).rejects.toBeInstanceOf(RefusedAnswer);
    expect(seen).toEqual(['/here']);
  });

  it.each([500, 503, 429, 420])('does not repeat a GET after %i', async (status) => {
    let requests = 0;
    const { ask } = await serve((_request, response) => {
      requests += 1;
      response.writeHead(status).end();
    });
    await expect(ask()).rejects.toMatchObject({ status });
    expect(requests).toBe(1);
  });

  it('gives up on silence in time', async () => {
    const { ask } = await serve(() => {});
    expect(await brokenBy(ask())).toMatchObject({ timedOut: true, answerBegan: false });
  });

  it('gives up on a body that stalls, though its head came', async () => {
    const { ask } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
    });
    expect(await brokenBy(ask())).toMatchObject({ timedOut: true, answerBegan: true });
  });

  it('does not repeat a request whose connection was reset', async () => {
    let requests = 0;
    const { ask } = await serve((request) => {
      requests += 1;
      request.socket.resetAndDestroy();
    });
    expect(await brokenBy(ask())).toMatchObject({ timedOut: false, answerBegan: false });
    expect(requests).toBe(1);
  });

  it('knows that nothing left when nobody listens or the name is unknown', async () => {
    const agent = createAgent();
    closings.push(() => agent.close());
    for (const url of ['http://127.0.0.1:1/', 'http://nobody.invalid/']) {
      const transport = new PooledTransport({ agent, timeoutMs: 2_000, watch: recordingWatch() });
      const broken = await brokenBy(transport.httpRequest({ method: 'POST', url, body: '{}' }));
      expect(broken).toMatchObject({ bytesOut: 0, timedOut: false });
    }
  });

  it('knows that nothing left when TLS does not come about', async () => {
    const plain = createTcpServer((socket) => socket.resume().end('this is not TLS'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const agent = createAgent();
    closings.push(
      () => new Promise((resolve) => plain.close(resolve)),
      () => agent.close(),
    );
    const watch = recordingWatch();
    const url = `https://127.0.0.1:${(plain.address() as AddressInfo).port}/`;
    const transport = new PooledTransport({ agent, timeoutMs: 2_000, watch });
    expect(await brokenBy(transport.httpRequest({ method: 'POST', url, body: '{}' }))).toMatchObject({
      bytesOut: 0,
    });
    expect(watch.steps).toEqual([]);
  });
});

describe('a watched body', () => {
  it('leaves in two halves, with a check before each and the steps in their order', async () => {
    let arrived = '';
    const { post } = await serve(async (request, response) => {
      arrived = await textOf(request);
      response.end('ok');
    });
    const watch = recordingWatch();
    await post('{"body":"naïve 😀"}', { watch });
    expect(arrived).toBe('{"body":"naïve 😀"}');
    expect(watch.steps).toEqual(['post.guarded', 'post.partial', 'post.sent', 'post.answered']);
    expect(watch.guards).toBe(3);
  });

  it('is announced with its length', async () => {
    let length: string | undefined;
    const { post } = await serve((request, response) => {
      length = request.headers['content-length'];
      request.resume().on('end', () => response.end('ok'));
    });
    await post('é', { watch: recordingWatch() });
    expect(length).toBe('2');
  });

  it.each([1, 2])(
    'does not leave at all when check %i, before the first byte, fails',
    async (failAtGuard) => {
      let requests = 0;
      const { post, connections } = await serve(() => {
        requests += 1;
      });
      const broken = await brokenBy(post('{"body":"x"}', { watch: recordingWatch(failAtGuard) }));
      expect(broken).toMatchObject({ bytesOut: 0, stoppedByWatch: true, cause: new Error('no longer ours') });
      expect(requests).toBe(0);
      for (const { bytesRead } of connections) expect(bytesRead).toBe(0);
    },
  );

  it('stops half-way when the check between the halves fails: no complete request arrives', async () => {
    let ended = false;
    let aborted = false;
    const { post } = await serve((request) => {
      request.on('error', () => {
        aborted = true;
      });
      request.resume().on('end', () => {
        ended = true;
      });
    });
    const broken = await brokenBy(post('{"body":"x"}', { watch: recordingWatch(3) }));
    expect(broken).toMatchObject({ bytesOut: 6, stoppedByWatch: true });
    await expect.poll(() => aborted).toBe(true);
    expect(ended).toBe(false);
  });

  it('has not a byte out at post.guarded, and the first half at post.partial', async () => {
    let received = 0;
    const { post, connections } = await serve(async (request, response) => {
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      request.on('end', () => response.end('ok'));
    });
    const seen: Record<string, number> = {};
    const watch: SendWatch = {
      guard() {},
      async step(name) {
        if (name === 'post.guarded') seen[name] = connections[0]?.bytesRead ?? 0;
        if (name === 'post.partial') await expect.poll(() => received).toBe(5);
        if (name === 'post.sent') await expect.poll(() => received).toBe(10);
      },
    };
    await post('0123456789', { watch, timeoutMs: 3_000 });
    expect(seen).toEqual({ 'post.guarded': 0 });
  });

  it('stays at home when the time-out comes while it is held before the first byte', async () => {
    let requests = 0;
    const { post } = await serve(() => {
      requests += 1;
    });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const watch: SendWatch = { guard() {}, step: () => held };
    expect(await brokenBy(post('{}', { watch }))).toMatchObject({ bytesOut: 0, timedOut: true });
    release();
    await held;
    await new Promise(setImmediate);
    expect(requests).toBe(0);
  });
});
