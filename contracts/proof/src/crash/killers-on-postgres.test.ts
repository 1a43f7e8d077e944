import { describeWithPostgres } from '@braze-mixpanel/storage/testing';
import { survivesHeavyBatches } from './killers.suite.ts';

describeWithPostgres('the service on PostgreSQL', () => survivesHeavyBatches('postgres'));
