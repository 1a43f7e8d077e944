import { describeWithPostgres } from '@braze-mixpanel/storage/testing';
import { survivesCrashes } from './crash.suite.ts';

describeWithPostgres('the service on PostgreSQL', () => survivesCrashes('postgres'));
