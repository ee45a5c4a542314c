import { startRedis } from '../../../sandbox/redis/server.ts';

/** A process to be killed: says where its server is, and stays. */
const { port, folder } = await startRedis();
process.stdout.write(JSON.stringify({ port, folder }));
setInterval(() => undefined, 60_000);
