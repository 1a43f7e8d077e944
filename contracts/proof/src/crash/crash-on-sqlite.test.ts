import { describe } from 'vitest';
import { survivesCrashes } from './crash.suite.ts';

describe('the service on SQLite', () => survivesCrashes('sqlite'));
