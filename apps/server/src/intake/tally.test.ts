import { expect, test } from 'vitest';
import { manualClock, silentLog } from '#platform';
import { createTally } from './tally.ts';

const caller = (id: string, address = '10.0.0.1') =>
  ({ id, name: 'erp', role: 'integration', shops: null, from: { via: 'token', address } }) as const;

test('one record for each caller and address; what cannot be written is counted on', async () => {
  const noted: unknown[] = [];
  let isDown = true;
  const tally = createTally({
    clock: manualClock(Date.UTC(2026, 1, 21, 4)),
    log: silentLog,
    audit: async ({ id, from }, what, _, { orders }) => {
      if (isDown) throw new Error('the database is away');
      noted.push([id, from?.address, what, orders]);
    },
  });
  tally.told(caller('tok_1'), 'created');
  tally.told(caller('tok_1'), 'created');
  await tally.note();
  tally.told(caller('tok_1'), 'unchanged');
  tally.told(caller('tok_2'), 'changed');
  tally.told(caller('tok_1', '10.0.0.2'), 'created');
  isDown = false;
  await tally.stop();
  await tally.note();
  expect(noted).toEqual([
    ['tok_1', '10.0.0.1', 'orders.told', { created: 2, unchanged: 1 }],
    ['tok_2', '10.0.0.1', 'orders.told', { changed: 1 }],
    ['tok_1', '10.0.0.2', 'orders.told', { created: 1 }],
  ]);
});
