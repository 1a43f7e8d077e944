import type { ErrorEntry } from './error-entry.ts';

/** Errors of every route and command that takes the name of a connection. */
export const connectionErrors = {
  unknown_connection: {
    stage: 'routing',
    class: 'request',
    status: 404,
    retry: false,
    message:
      'Unknown connection. Use a name from the configuration; without a name, the connection is default.',
  },
} as const satisfies Record<string, ErrorEntry>;
