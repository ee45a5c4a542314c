import { expect, it } from 'vitest';
import { stateValues } from '../../../sandbox/slack/view-state.ts';

it.each([
  [{}, 1_795_644_000],
  [{ at: '1795650000' }, 1_795_650_000],
  [{ at: '' }, null],
])('a date and time that is filled in as %j is so many seconds, or none', (filledIn, seconds) => {
  const element = { type: 'datetimepicker', action_id: 'a', initial_date_time: 1_795_644_000 };
  expect(stateValues([{ type: 'input', block_id: 'at', element }], filledIn, () => undefined)).toEqual({
    at: { a: { type: 'datetimepicker', selected_date_time: seconds } },
  });
});
