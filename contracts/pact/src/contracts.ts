import { brazeContract } from './braze/cases.ts';
import type { Contract } from './contract.ts';
import { currentsContract } from './currents/cases.ts';
import { mixpanelContract } from './mixpanel/cases.ts';

export const contracts: readonly Contract[] = [currentsContract, mixpanelContract, brazeContract];
