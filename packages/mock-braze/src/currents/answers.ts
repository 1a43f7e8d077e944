/** Schemas of the control API's answers about Currents. */
import { z } from 'zod';
import { currentStates } from './current-state.ts';
import { storageFields } from './storage/storage-definition.ts';

const attempt = z.object({
  current: z.string(),
  eventType: z.string(),
  events: z.int(),
  status: z.int().optional(),
  /** Path of the written file. */
  file: z.string().optional(),
  /** The reason why there was no answer, or no file. */
  error: z.string().optional(),
});

export const attempts = z.array(attempt);

export const emissionSchema = z.object({
  emitted: z.int(),
  /** Events sent a second time, in addition to `emitted`. */
  duplicated: z.int(),
  /** Every request that was answered or failed before this report. */
  attempts,
  /** Events dropped by Braze itself, for example above 900 KB. */
  lost: z.array(z.object({ current: z.string(), index: z.int(), reason: z.string() })),
  notice: z.string().optional(),
});

/** The outcome so far of emitted events: the answer of `POST /_sim/emit`. */
export type Emission = Readonly<Omit<z.output<typeof emissionSchema>, 'notice'>>;

const counts = z.record(z.string(), z.int());

export const reportSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['custom-http', 'mixpanel-export', 'storage']),
    name: z.string(),
    contactEmail: z.string(),
    endpoint: z.string().optional(),
    hasToken: z.boolean().optional(),
    apiUrl: z.string().optional(),
    folder: z.string().optional(),
    layout: storageFields.layout.unwrap().optional(),
    codec: storageFields.codec.unwrap().optional(),
    faults: z.record(z.string(), z.number()).optional(),
    files: z
      .object({
        written: z.int(),
        repeated: z.int(),
        late: z.int(),
        corrupt: z.int(),
        truncated: z.int(),
        /** Events in damaged blocks. */
        unreadable: z.int(),
      })
      .optional(),
    events: z.union([z.literal('all'), z.array(z.string())]),
    generation: z.string(),
    state: z.enum(currentStates),
    skipped: counts,
    missed: z.int(),
    sent: z.int(),
    dropped: counts,
    lastAnswer: z
      .object({ at: z.string(), status: z.int(), body: z.string(), file: z.string(), error: z.string() })
      .partial({ status: true, body: true, file: true, error: true })
      .nullable(),
    failingSince: z.string().nullable(),
    disabledAt: z.string().nullable(),
    disabledReason: z.string().nullable(),
    queues: z.array(
      z.object({
        eventType: z.string(),
        pending: z.int(),
        waiting: z.int(),
        held: z.int(),
        retryAt: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Current' });
