import { brazeContract } from './braze/cases.ts';
import type { Contract } from './contract.ts';
import { currentsContract } from './currents/cases.ts';
import { mappingContract } from './mapping/cases.ts';
import { mixpanelContract } from './mixpanel/cases.ts';
import { webhookContract } from './webhook/cases.ts';

export const contracts: readonly Contract[] = [
  currentsContract,
  mixpanelContract,
  brazeContract,
  webhookContract,
  mappingContract,
];
