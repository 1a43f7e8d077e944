import type { HttpContract } from '../contract.ts';
import { importCases } from './import-cases.ts';
import { queryCases } from './query-cases.ts';
import { schemaCases } from './schema-cases.ts';

export const mixpanelContract: HttpContract = {
  kind: 'http',
  consumer: 'service',
  provider: 'mixpanel',
  cases: [...importCases, ...queryCases, ...schemaCases],
};
