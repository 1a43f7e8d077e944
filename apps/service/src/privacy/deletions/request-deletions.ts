import type { Receipts } from '@braze-mixpanel/storage';
import type { ConnectionConfig } from '../../config/config.ts';
import { ended, newDeletion, readDeletion, requestedAgain, storedDeletion } from './deletion.ts';
import { projectOf } from './project.ts';

export interface RequestDeletionsOptions {
  readonly receipts: Pick<Receipts, 'deletions' | 'put'>;
  readonly connections: readonly Pick<ConnectionConfig, 'name' | 'mixpanel'>[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Attempts to store a change that others change meanwhile. */
const attempts = 5;

/**
 * Stores a request for the deletion of a user in each project, before anything is sent. A deletion that is in progress
 * stays as it is, except that one that waits is due at `dueAt`, in milliseconds since 1970. One that has ended is
 * requested again. Resolves to the connections whose project can't be asked.
 *
 * @throws StorageError
 */
export async function requestDeletions(
  {
    externalId,
    number,
    dueAt,
  }: { readonly externalId: string; readonly number: string; readonly dueAt: number },
  { receipts, connections, now }: RequestDeletionsOptions,
): Promise<string[]> {
  const projects = new Map<string, string>();
  const notAsked: string[] = [];
  for (const { name, mixpanel } of connections) {
    const project = projectOf(mixpanel);
    if (project === undefined) notAsked.push(name);
    else if (!projects.has(project)) projects.set(project, name);
  }
  for (const [project, connection] of projects) {
    const fresh = { ...newDeletion({ number, project, connection }, externalId, now()), dueAt };
    await changed(receipts, number, project, stored => {
      if (stored === undefined) return fresh;
      const deletion = readDeletion(stored);
      switch (deletion.state) {
        case 'waiting':
          return { ...deletion, dueAt };
        case 'asking':
        case 'followed':
          return undefined;
        default:
          return requestedAgain(deletion, fresh);
      }
    });
  }
  return notAsked;
}

/** Withdraws the requests of a user that were not sent yet. @throws StorageError */
export async function withdrawDeletions(
  number: string,
  { receipts, now }: Pick<RequestDeletionsOptions, 'receipts' | 'now'>,
): Promise<void> {
  for (const { project } of await receipts.deletions(number))
    await changed(receipts, number, project, stored => {
      const deletion = stored && readDeletion(stored);
      if (deletion?.state !== 'waiting') return undefined;
      return ended(deletion, 'withdrawn', null, now());
    });
}

type Stored = Awaited<ReturnType<Receipts['deletions']>>[number];

async function changed(
  receipts: RequestDeletionsOptions['receipts'],
  number: string,
  project: string,
  change: (stored: Stored | undefined) => Parameters<typeof storedDeletion>[0] | undefined,
): Promise<void> {
  for (let left = attempts; left > 0; left -= 1) {
    const stored = (await receipts.deletions(number)).find(each => each.project === project);
    const next = change(stored);
    if (next === undefined || (await receipts.put(storedDeletion(next), stored?.revision))) return;
  }
  throw new Error(`The deletion of receipt ${number} changes all the time.`);
}
