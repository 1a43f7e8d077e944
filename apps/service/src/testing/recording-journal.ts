import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import type {
  BatchOutcome,
  BatchPart,
  ConnectionWait,
  LeasedBatch,
  LeaseRequest,
} from '@braze-mixpanel/storage';
import { batchOf, emailSend } from './events.ts';

const mappingOptions = mappingOptionsText({ catalogueVersion: catalogue2022_06 });

/** A journal in memory that records its calls and fails on demand. */
export class RecordingJournal {
  waiting: LeasedBatch[] = [];
  readonly renewed: number[][] = [];
  readonly completed: BatchOutcome[] = [];
  readonly released: { ids: number[]; delayMs: number; attempt: boolean }[] = [];
  readonly postponements: ConnectionWait[] = [];
  stored: (ConnectionWait & { ageMs: number }) | undefined;
  readonly acquitted: number[] = [];
  readonly splitUp: { id: number; events: number[] }[] = [];
  failToComplete = 0;
  failToRelease = 0;

  add(id: number, changes: Partial<LeasedBatch> = {}): void {
    const body = new TextEncoder().encode(JSON.stringify(batchOf(emailSend())));
    this.waiting.push({
      id,
      attempts: 0,
      deaths: 0,
      connection: 'default',
      receivedAt: 0,
      events: 1,
      body,
      profile: mappingOptions,
      ...changes,
    });
  }
  lease = async ({ inMemory = [] }: LeaseRequest) => {
    if (this.stored !== undefined) return [];
    const known = new Set(inMemory.map(({ id }) => id));
    return this.waiting.splice(0).map(row => (known.has(row.id) ? { ...row, body: new Uint8Array() } : row));
  };
  postpone = async (_connection: string, wait: ConnectionWait) => {
    this.postponements.push(wait);
  };
  postponed = async (_connection: string) => this.stored;
  readonly madeDue: (number | undefined)[] = [];
  makeDue = async (_connection: string, endsWithinMs?: number) => {
    this.madeDue.push(endsWithinMs);
    return 0;
  };
  acquit = async (_owner: string, id: number) => {
    this.acquitted.push(id);
  };
  split = async (_owner: string, id: number, parts: BatchPart[]) => {
    this.splitUp.push({ id, events: parts.map(({ events }) => events) });
    return true;
  };
  renew = async (_owner: string, ids: number[]) => {
    this.renewed.push(ids);
    return ids;
  };
  complete = async (_owner: string, outcomes: BatchOutcome[]) => {
    if (this.failToComplete-- > 0) throw new Error('The disk is full.');
    for (const outcome of outcomes) this.completed.push(outcome);
    return outcomes.map(({ id }) => id);
  };
  release = async (_owner: string, ids: number[], retry: { delayMs: number; attempt: boolean }) => {
    if (this.failToRelease-- > 0) throw new Error('The disk is full.');
    this.released.push({ ids, ...retry });
  };
}
