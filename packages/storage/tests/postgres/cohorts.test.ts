import { contracts } from '../../src/conformance/conformance.ts';
import { postgresConformance } from './conformance.suite.ts';

postgresConformance(contracts.cohorts);
