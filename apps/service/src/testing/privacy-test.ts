import { readFile } from 'node:fs/promises';
import { openStorage } from '@braze-mixpanel/storage';
import { afterEach, beforeEach } from 'vitest';
import { epochMs } from '../clock/index.ts';
import type { Forgotten } from '../privacy/forget.ts';
import type { Receipt } from '../privacy/receipts.ts';
import type { Trace } from '../privacy/trace.ts';
import { CohortWorld } from './cohort-world.ts';
import { emailSend } from './events.ts';
import { FakeMixpanel } from './fake-mixpanel.ts';
import { asOperator } from './running-service.ts';

/** The user who is forgotten, and another who stays. */
export const theirs = 'customer-to-be-forgotten';
export const others = 'customer-who-stays';

export const eventOf = (user: string, changes = {}) =>
  emailSend({ user: { external_user_id: user }, ...changes });

type Answer = Forgotten & { readonly receipt: Receipt | null };

/** A new service with storage on a disk and both users in Braze, for each test of the file or suite. */
export function privacyTest() {
  let file: string;
  const test = {} as { mixpanel: FakeMixpanel; world: CohortWorld };
  beforeEach(async () => {
    test.mixpanel = await FakeMixpanel.start();
    test.world = await CohortWorld.start(
      {
        MIXPANEL_API_URL: test.mixpanel.url,
        DELIVERED_RETENTION: '1h',
        BRAZE_PARTNER_API_KEY: 'braze-partner-key',
      },
      {
        now: () => epochMs(Date.now()),
        openStorage: url => {
          file = url.replace('sqlite:', '');
          return openStorage(url);
        },
      },
      [theirs, others],
    );
  });
  afterEach(async () => {
    await test.world[Symbol.asyncDispose]();
    await test.mixpanel[Symbol.asyncDispose]();
  });

  const ask = (path: string, body: unknown) =>
    fetch(`${test.world.service.service.url}/api/${path}`, {
      method: 'POST',
      headers: asOperator,
      body: JSON.stringify(body),
    });
  const traceBy = (body: unknown) => ask('trace', body);
  return Object.assign(test, {
    traceBy,
    traceDelivered: (body: unknown) => ask('trace/delivered', body),
    trace: async (user: string) => (await (await traceBy({ externalId: user })).json()) as Trace,
    async forget(body: unknown = { externalId: theirs, confirm: true }) {
      const response = await ask('forget', body);
      return { status: response.status, body: (await response.json()) as Answer };
    },
    lift: async () => (await ask('forget/lift', { externalId: theirs })).json(),
    /** All bytes of the database and its log. */
    onDisk: async () =>
      (await Promise.all(['', '-wal'].map(suffix => readFile(file + suffix, 'latin1')))).join(''),
  });
}
