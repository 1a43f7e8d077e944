import { expect, it } from 'vitest';
import { endAfter } from '../page/src/simulator/fault.ts';

const fault = { id: 'fault-1', route: '*', kind: 'status', seen: 0, struck: 0, skip: 0, probability: 1 };

it('a fault for a number of requests ends after those that are left of them', () => {
  expect(endAfter(fault)).toBeUndefined();
  expect(endAfter({ ...fault, times: 10, struck: 1 })).toBe('after 9 more requests');
  expect(endAfter({ ...fault, times: 2, struck: 1 })).toBe('after 1 more request');
  expect(endAfter({ ...fault, times: 1_500 })).toBe('after 1,500 more requests');
});

it('a fault that lets some requests pass ends after a number of hits, not of requests', () => {
  expect(endAfter({ ...fault, times: 10, probability: 0.3 })).toBe('after 10 more hits');
  expect(endAfter({ ...fault, times: 3, struck: 2, skip: 5 })).toBe('after 1 more hit');
});

it('a fault that is used up has ended after all of its hits', () => {
  expect(endAfter({ ...fault, times: 10, struck: 10 })).toBe('after 10 hits');
});
