import { expect, it } from 'vitest';
import { eventText } from '../page/src/service/reconciliation.ts';

it('a row of events without a type has words in place of its empty name', () => {
  expect(['', 'Email Send'].map(event => eventText({ event }))).toEqual(['(no event type)', 'Email Send']);
});
