import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { it } from 'vitest';
import { fileOf } from '../contract.ts';
import { committed } from '../pact-file.ts';
import { verifyContract } from '../verify-contract.ts';
import { mixpanelContract } from './cases.ts';
import { mixpanelStates } from './states.ts';

it('mock-mixpanel answers the service as their contract says', async () => {
  await using mixpanel = await startMockMixpanel();
  await verifyContract({
    file: committed(fileOf(mixpanelContract)),
    provider: { url: mixpanel.url },
    states: mixpanelStates(mixpanel.url),
  });
});
