import { generation2022_06 } from '@braze-mixpanel/core/currents';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { expect, it } from 'vitest';
import { fileOf } from '../contract.ts';
import { committed } from '../pact-file.ts';
import { verifyContract } from '../verify-contract.ts';
import { bodyLimit, currentsContract } from './cases.ts';

interface Status {
  connections: { default: { imported: number; deadLettered: Record<string, number> } };
}

it('the service takes from Braze Currents what their contract says, and imports every event of it', async () => {
  await using stack = await startStack({ environment: { BODY_LIMIT: `${bodyLimit}b` } });
  await verifyContract({
    file: committed(fileOf(currentsContract)),
    provider: { url: stack.service },
    states: {
      'the receiver knows the token': async () => undefined,
      'the receiver takes bodies up to a size': async () => undefined,
    },
  });

  const ofBatches = 3 + 2;
  const { deadLettered } = await until(
    'every good event to be imported',
    async () => (await call<Status>('GET', `${stack.service}/status`)).connections.default,
    ({ imported }) => imported === generation2022_06.entries.length + ofBatches,
  );
  expect(Object.values(deadLettered)).toEqual([1]);
});
