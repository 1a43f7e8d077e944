import type { IconName } from '../parts/icon-paths.ts';

/** A common trouble, added by one click. */
export interface Preset {
  readonly title: string;
  readonly text: string;
  readonly icon: IconName;
  readonly fault: Readonly<Record<string, unknown>>;
}

const common = (vendor: string): readonly Preset[] => [
  {
    title: `${vendor} down for a minute`,
    text: 'Each request gets 503. It ends by itself.',
    icon: 'cross',
    fault: { route: '*', kind: 'status', status: 503, for: '1m' },
  },
  {
    title: `${vendor} is slow`,
    text: 'Each answer takes 3 seconds longer, for a minute.',
    icon: 'clock',
    fault: { route: '*', kind: 'latency', milliseconds: 3_000, for: '1m' },
  },
  {
    title: 'Lost answers',
    text: 'Three of ten requests are handled, but their answer never arrives. For a minute.',
    icon: 'warning',
    fault: { route: '*', kind: 'lost-answer', probability: 0.3, for: '1m' },
  },
];

const own: Readonly<Record<string, readonly Preset[]>> = {
  'mock-mixpanel': [
    {
      title: 'Too many requests',
      text: 'The import answers 429 and “Retry-After: 5”, ten times.',
      icon: 'pause',
      fault: { route: 'import', kind: 'status', status: 429, headers: { 'retry-after': '5' }, times: 10 },
    },
    {
      title: 'Some records refused',
      text: 'A tenth of the records of each import is refused, for a minute.',
      icon: 'filter',
      fault: { route: 'import', kind: 'partial', share: 0.1, for: '1m' },
    },
  ],
  'mock-braze': [
    {
      title: 'Cohort locked',
      text: 'The next three imports of cohort members get 423.',
      icon: 'pause',
      fault: { route: 'partner-cohorts-users', kind: 'status', status: 423, times: 3 },
    },
    {
      title: 'Some attributes refused',
      text: 'A tenth of the objects of each /users/track is refused, for a minute.',
      icon: 'filter',
      fault: { route: 'users-track', kind: 'partial', share: 0.1, for: '1m' },
    },
  ],
};

const vendors: Readonly<Record<string, string>> = { 'mock-mixpanel': 'Mixpanel', 'mock-braze': 'Braze' };

/** The palette of a simulator. */
export const presetsOf = (server: string): readonly Preset[] => [
  ...common(vendors[server] ?? 'The vendor'),
  ...(own[server] ?? []),
];
