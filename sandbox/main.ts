import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from './start.ts';

const DEFAULT_PORT = 4400;
const DEFAULT_FOLDER = fileURLToPath(new URL('../.data/sandbox', import.meta.url));
const { REDIS_URL, SANDBOX_FOLDER, SANDBOX_PORT } = process.env;
const say = (line: string) => console.log(line);

let sandbox: Sandbox | undefined;
let stopping = false;

async function stop(): Promise<void> {
  // Ctrl-C arrives twice where a runner passes it on; the second one changes nothing.
  if (stopping) return;
  stopping = true;
  say('Stopping…');
  // What has only half started ends with this process: Redis and the bridge see to that themselves.
  await sandbox?.close();
  process.exit();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());

try {
  sandbox = await startSandbox({
    folder: SANDBOX_FOLDER || DEFAULT_FOLDER,
    port: Number(SANDBOX_PORT || DEFAULT_PORT),
    ...(REDIS_URL ? { redisUrl: REDIS_URL } : {}),
    say,
  });
  say(`\nOpen this page; Ctrl-C stops everything:\n\n${sandbox.url}\n`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
