import { lexiconEntries, lexiconPlan } from '@braze-mixpanel/core/lexicon';
import { type LexiconEntry, lexiconLimits } from '@braze-mixpanel/core/mixpanel';
import type { ConnectionConfig } from '../config/config.ts';
import { mappingOptionsOf } from '../config/mapping-options.ts';
import { LexiconError, type LexiconErrorCode } from './lexicon-error.ts';
import type { SchemasClient } from './schemas-client.ts';

/** Names of entries, by what happened to them. */
interface LexiconOutcome {
  /** Written or, in a dry run, to be written. */
  readonly written: readonly string[];
  /** Lexicon has them already. */
  readonly unchanged: readonly string[];
  /** A person, or another program, wrote or changed them. */
  readonly kept: readonly string[];
  /** Names of properties that were written without a description, since another entry describes them. */
  readonly keptProperties: readonly string[];
  /** To be written still, since the command ended with an error. */
  readonly left: readonly string[];
}

export interface LexiconReport {
  readonly connection: string;
  readonly catalogueVersion: string;
  readonly dryRun: boolean;
  /** Absent if Lexicon could not be read. */
  readonly outcome?: LexiconOutcome;
  readonly error?: { readonly code: LexiconErrorCode; readonly message: string };
}

export interface PushOptions {
  readonly connection: ConnectionConfig;
  readonly client: SchemasClient;
  readonly dryRun: boolean;
  readonly onProgress: (sentence: string) => void;
}

/**
 * Writes the events of a connection into Mixpanel's Lexicon: reads it first, and writes only entries that are
 * absent or that this function wrote and nothing changed since. An error ends it, and is part of the report.
 */
export async function pushLexicon(options: PushOptions): Promise<LexiconReport> {
  const { connection, client, dryRun, onProgress } = options;
  const mapping = mappingOptionsOf(connection);
  const head = { connection: connection.name, catalogueVersion: mapping.catalogueVersion.id, dryRun };
  let outcome: LexiconOutcome | undefined;
  try {
    onProgress('Reading Lexicon.');
    const { write, ...same } = lexiconPlan(lexiconEntries(mapping), await client.list());
    if (dryRun) return { ...head, outcome: { written: write.map(nameOf), ...same, left: [] } };
    const progress = (count: number) => ({
      ...{ written: write.slice(0, count).map(nameOf), ...same },
      left: write.slice(count).map(nameOf),
    });
    outcome = progress(0);
    for (const entries of requestsFor(write)) {
      await client.upload(entries);
      const count = outcome.written.length + entries.length;
      outcome = progress(count);
      onProgress(`Wrote ${count} of ${write.length} entries.`);
    }
    return { ...head, outcome };
  } catch (error) {
    if (!(error instanceof LexiconError)) throw error;
    const { code, message } = error;
    return { ...head, ...(outcome && { outcome }), error: { code, message } };
  }
}

const nameOf = ({ name }: LexiconEntry) => name;

/** So that as many requests as fit a minute stay below the updates that fit a minute. */
const updatesPerRequest = Math.floor((lexiconLimits.updatesPerMinute - 1) / lexiconLimits.requestsPerMinute);

/** The entries in requests; an entry above the limit of updates goes alone. */
function requestsFor(entries: readonly LexiconEntry[]): LexiconEntry[][] {
  const requests: LexiconEntry[][] = [];
  let updates = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const own = 1 + Object.keys(entry.schemaJson.properties ?? {}).length;
    updates += own;
    if (updates > updatesPerRequest) {
      requests.push([]);
      updates = own;
    }
    requests.at(-1)?.push(entry);
  }
  return requests;
}
