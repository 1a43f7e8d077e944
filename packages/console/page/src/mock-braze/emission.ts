import type { Server } from '../app/about.ts';
import { count, counted } from '../parts/format.ts';
import { Kept, useKept } from '../parts/kept.ts';
import { emitInParts } from './emit-in-parts.ts';

export type Emission =
  | { readonly kind: 'running'; readonly emitted: number; readonly of: number; readonly isStopping: boolean }
  | { readonly kind: 'ended' | 'failed'; readonly text: string };

const kept = new Kept<Emission>();
let stopping = new AbortController();

/** The emission of this page. It is kept outside the view, so that it goes on while another view is shown. */
export const emission = {
  /**
   * Emits generated events, and resolves at the end of the emission, also when it failed.
   *
   * @param number events to emit
   */
  async start(server: Server, number: number, what: Parameters<typeof emitInParts>[2]): Promise<void> {
    stopping = new AbortController();
    const { signal } = stopping;
    const onPart = (emitted: number) =>
      kept.show({ kind: 'running', emitted, of: number, isStopping: signal.aborted });
    onPart(0);
    try {
      const done = await emitInParts(server, number, what, { signal, onPart });
      kept.show({ kind: 'ended', text: outcomeOf(done, number) });
    } catch (error) {
      kept.show({ kind: 'failed', text: error instanceof Error ? error.message : String(error) });
    }
  },
  /** Ends the emission after the part that is being sent. */
  stop(): void {
    stopping.abort();
    const { present } = kept;
    if (present?.kind === 'running') kept.show({ ...present, isStopping: true });
  },
  /** Removes the outcome of an emission that has ended. */
  clear(): void {
    if (kept.present?.kind !== 'running') kept.show(undefined);
  },
};

/** The running emission, or the outcome of the latest one; `undefined` if there is none to show. */
export const useEmission = (): Emission | undefined => useKept(kept);

interface Emitted {
  readonly emitted: number;
  readonly requests: number;
  readonly failed: number;
}

function outcomeOf({ emitted, requests, failed }: Emitted, wanted: number): string {
  const events =
    emitted < wanted
      ? `Stopped: ${count(emitted)} of ${counted(wanted, 'event')} emitted`
      : `${counted(emitted, 'event')} emitted`;
  return `${events}, ${counted(requests, 'request')}${failed > 0 ? `, ${count(failed)} of them failed` : ''}.`;
}
