import { expect, it } from 'vitest';
import { callText } from './receipts.ts';

it.each([
  ['forget', { what: 'forget', vendors: false, notAsked: [] }],
  ['forget --vendors: Mixpanel', { what: 'forget', vendors: true, notAsked: [] }],
  ['forget --vendors: Mixpanel, not asked for eu', { what: 'forget', vendors: true, notAsked: ['eu'] }],
  ['forget --lift', { what: 'lift', vendors: false, notAsked: [] }],
] as const)(
  'the list of receipts has the call as it is typed, and which vendors it asked: %s',
  (text, call) => {
    expect(callText({ ...call, notAsked: [...call.notAsked] })).toBe(text);
  },
);
