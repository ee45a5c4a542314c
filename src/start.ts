import { composeWeb, composeWorker } from './compose.ts';
import { main } from './main.ts';

/** Web and worker in one process, for small installs. */
await main('bridge', process.env, async (config, log) => {
  const worker = await composeWorker(config, log);
  const web = await composeWeb(config, log);
  return {
    async stop() {
      await web.stop();
      await worker.stop();
    },
  };
});
