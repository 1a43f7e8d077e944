import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { it } from 'vitest';
import { fileOf } from '../contract.ts';
import { committed } from '../pact-file.ts';
import { verifyContract } from '../verify-contract.ts';
import { brazeContract } from './cases.ts';
import { brazeStates } from './states.ts';

it('mock-braze answers the service as their contract says', async () => {
  await using braze = await startMockBraze();
  await verifyContract({
    file: committed(fileOf(brazeContract)),
    provider: { url: braze.url },
    states: brazeStates(braze.url),
  });
});
