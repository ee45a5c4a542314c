import { composeWorker } from './compose.ts';
import { main } from './main.ts';

await main('worker', process.env, composeWorker);
