import { catalogueVersions } from '@braze-mixpanel/core/currents';
import { brazeContract } from './braze/cases.ts';
import type { Contract } from './contract.ts';
import { currentsContract } from './currents/cases.ts';
import { mappingContract } from './mapping/cases.ts';
import { mixpanelContract } from './mixpanel/cases.ts';
import { webhookContract } from './webhook/cases.ts';

const versions = [...catalogueVersions.values()];

export const contracts: readonly Contract[] = [
  ...versions.map(currentsContract),
  mixpanelContract,
  brazeContract,
  webhookContract,
  ...versions.map(mappingContract),
];
