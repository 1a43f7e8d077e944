import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import type { FileSource } from '@braze-mixpanel/currents-files';
import type { Storage } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { BackfillRunner } from '../backfill/backfill-runner.ts';
import { type Collected, Collector } from '../backfill/collect/collector.ts';
import type { StepReader } from '../backfill/reading/step-reader.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { mappingOptionsOf } from '../config/mapping-options.ts';
import { redactor } from '../events/body/redact.ts';
import type { ForgottenUsers } from '../events/delivery/forgotten-users.ts';
import type { Exports } from '../reconcile/exports.ts';

export interface BackfillDependencies {
  readonly storage: Pick<Storage, 'backfills' | 'journal' | 'mappingHistory'>;
  readonly exports: Exports;
  readonly forgotten: ForgottenUsers;
  /** The present configuration. */
  readonly connections: () => readonly ConnectionConfig[];
  readonly openSource: (address: string) => Promise<FileSource>;
  readonly startReader: (source: FileSource) => StepReader;
  /** Called when batches were added to a queue. */
  readonly onAccepted: (queue: string, batches: number) => void;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Back-fills and collected sources, which one replica runs. */
export interface BackfillWork {
  /** A job was created or resumed. */
  wake(): void;
  close(): Promise<void>;
}

/** Time-out of a raw export, for which a back-fill waits. */
const exportTimeoutMs = 3_600_000;

export function beginBackfills({
  storage,
  exports,
  connections,
  ...rest
}: BackfillDependencies): BackfillWork {
  const connectionOf = (name: string) => connections().find(each => each.name === name);
  const environment = {
    ...{ ...rest, backfills: storage.backfills, journal: storage.journal },
    mappingHistory: storage.mappingHistory,
    redactOf: (name: string) => {
      const paths = connectionOf(name)?.currents.redact;
      return paths && (paths.length > 0 ? redactor(paths) : (body: Uint8Array) => body);
    },
    readExport: async (name: string, ...[request, take]: DropFirst<Parameters<Exports['read']>>) => {
      const connection = connectionOf(name);
      if (connection !== undefined)
        await exports.read(connection, { ...request, timeoutMs: exportTimeoutMs }, take);
    },
  };
  const parts = [
    new BackfillRunner(environment),
    new Collector({ ...environment, collected: () => collectedOf(connections()) }),
  ];
  return {
    wake() {
      for (const part of parts) part.wake();
    },
    async close() {
      await Promise.all(parts.map(part => part.close()));
    },
  };
}

type DropFirst<List extends unknown[]> = List extends [unknown, ...infer Rest] ? Rest : never;

function collectedOf(connections: readonly ConnectionConfig[]): Map<string, Collected> {
  return new Map(
    connections.flatMap(connection => {
      const { name, collect } = connection;
      if (collect === undefined) return [];
      return [[name, { ...collect, mapping: mappingOptionsText(mappingOptionsOf(connection)) }] as const];
    }),
  );
}
