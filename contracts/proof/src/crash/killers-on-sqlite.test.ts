import { describe } from 'vitest';
import { survivesHeavyBatches } from './killers.suite.ts';

describe('the service on SQLite', () => survivesHeavyBatches('sqlite'));
