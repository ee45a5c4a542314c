import { composeWeb } from './compose.ts';
import { main } from './main.ts';

await main('web', process.env, composeWeb);
