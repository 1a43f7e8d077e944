import type { Server } from './about.ts';

/** What every view gets. */
export interface ViewProps {
  readonly server: Server;
  /** The opened thing. */
  readonly id: string | undefined;
}
