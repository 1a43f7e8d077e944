import type { Replicas } from '@braze-mixpanel/storage';
import { StorageError } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { z } from 'zod';
import { lookupTableErrors } from '../errors/lookup-table-errors.ts';
import { parseJson } from '../vendor-http/exchange.ts';
import type { LookupTables } from './lookup-tables.ts';
import { LookupTablesError, type LookupTablesErrorCode } from './lookup-tables-error.ts';

/** Time-out for the answer of the leader, which reads one document at most before it. */
const timeoutMs = 10_000;

const requestSchema = z.object({ push: z.object({ connection: z.string(), dryRun: z.boolean() }) });
const codes = Object.keys(lookupTableErrors) as LookupTablesErrorCode[];
const answerSchema = z.union([
  z.object({ run: z.int() }),
  z.object({ error: z.enum(codes).catch('lookup_tables_no_leader') }),
]);

/** Begins a run, and resolves to its number. @throws LookupTablesError */
export type PushTables = (connection: string, dryRun: boolean) => Promise<number>;

export interface PushOnLeaderOptions {
  readonly tables: Pick<LookupTables, 'leads' | 'push'>;
  /** Absent where one process owns the storage. */
  readonly replicas: Pick<Replicas, 'ask' | 'answer'> | undefined;
  readonly logger: Logger;
}

/** Begins runs on the replica that leads, whichever replica is called. */
export function pushOnLeader({ tables, replicas, logger }: PushOnLeaderOptions): PushTables {
  replicas?.answer('sweep', async question => {
    const request = requestSchema.safeParse(parseJson(question)).data;
    const { connection = '', dryRun = false } = request?.push ?? {};
    const answer = await tables.push(connection, dryRun).then(
      run => ({ run }),
      (error: unknown) => {
        if (error instanceof LookupTablesError) return { error: error.code };
        logger.error({ err: error, connection }, 'a run of the lookup tables could not be begun');
        return { error: 'lookup_tables_no_leader' };
      },
    );
    return JSON.stringify(answer);
  });
  return async (connection, dryRun) => {
    if (tables.leads || replicas === undefined) return tables.push(connection, dryRun);
    const question = JSON.stringify({ push: { connection, dryRun } });
    const text = await replicas.ask('sweep', question, timeoutMs).catch((error: unknown) => {
      if (error instanceof StorageError) throw new LookupTablesError('lookup_tables_no_leader');
      throw error;
    });
    const answer = answerSchema.safeParse(parseJson(text)).data ?? { error: 'lookup_tables_no_leader' };
    if ('run' in answer) return answer.run;
    throw new LookupTablesError(answer.error);
  };
}
