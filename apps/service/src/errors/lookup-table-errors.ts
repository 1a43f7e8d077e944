import type { ErrorEntry } from './error-entry.ts';

/** Errors of `/api/lookup-tables` and of the lookup tables in Mixpanel. */
export const lookupTableErrors = {
  lookup_tables_off: {
    stage: 'admin',
    class: 'set-up',
    status: 409,
    retry: false,
    message:
      'This connection has no lookup tables. Create them in Mixpanel, and set LOOKUP_TABLE_CAMPAIGNS or another of the four IDs.',
  },
  lookup_tables_running: {
    stage: 'admin',
    class: 'request',
    status: 409,
    retry: true,
    message:
      'A run of these lookup tables is in progress. lookup-tables show (GET /api/lookup-tables) shows it; try again when it has ended.',
  },
  lookup_tables_no_leader: {
    stage: 'admin',
    class: 'transient',
    status: 503,
    retry: true,
    message:
      'The replica that writes lookup tables did not answer in time, or another one is taking over. Whether a run was begun is not known: lookup-tables show (GET /api/lookup-tables) shows it. Try again in a minute.',
  },
  lookup_tables_kept: {
    stage: 'admin',
    class: 'transient',
    retry: true,
    message: 'Lookup tables were not updated, and stay as they were until the next run.',
  },
} as const satisfies Record<string, ErrorEntry>;
