import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of the committed files. */
export const pactsFolder = join(import.meta.dirname, '../../pacts');

/** The parameters of a provider state. */
export type StateParameters = Readonly<Record<string, unknown>>;

/** The path of a committed file. */
export const committed = (file: string): string => join(pactsFolder, file);

/** The request of a case, as it is replayed. */
export interface PactRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: { readonly content: unknown };
}

/** The parts of a Pact file that are used here; the others are passed through. */
export interface PactFile {
  readonly interactions: readonly PactInteraction[];
  readonly metadata: { readonly pactSpecification: unknown };
}

interface PactInteraction {
  readonly description: string;
  /** Absent from messages. */
  readonly request?: PactRequest;
  readonly providerStates?: readonly { readonly name: string; readonly params?: StateParameters }[];
}

export async function readPactFile(file: string): Promise<PactFile> {
  return JSON.parse(await readFile(file, 'utf8')) as PactFile;
}

/** Keys and interactions sorted, without tool versions, so that the same contract has the same bytes. */
export async function writePactFile(file: string, pact: PactFile): Promise<void> {
  const interactions = pact.interactions.toSorted((a, b) => (a.description < b.description ? -1 : 1));
  const { pactSpecification } = pact.metadata;
  const ordered = inOrder({ ...pact, interactions, metadata: { pactSpecification } });
  await writeFile(file, `${JSON.stringify(ordered, null, 2)}\n`);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, inOrder(each)]));
}
