/** The routes `/_sim/currents` and `/_sim/emit`. */
import {
  ControlInputError,
  checkControlInput,
  controlRoutes,
  deletedSchema,
  documented,
  durationSchema,
  errorSchema,
  isRecord,
  type Respond,
  respond,
  type SimRequest,
  withBody,
  withItem,
  withOptionalBody,
} from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import { readJson } from '../vendor-answers.ts';
import type { ModelOf } from '../workspaces/workspaces.ts';
import { attempts, emissionSchema, reportSchema } from './answers.ts';
import type { Current } from './current.ts';
import { type CurrentDefinition, currentCreationSchema, currentDefinitionSchema } from './definition.ts';
import { emitExample, emitSchema, eventsOf } from './emit-input.ts';
import { storageIsOff } from './storage/storage-export.ts';

const common = { name: 'To Mixpanel', contactEmail: 'data@example.com', events: 'all', launch: true };

/** A valid Current of each kind, shown to a client that sent an invalid one. */
const examples = {
  'custom-http': {
    kind: 'custom-http',
    endpoint: 'http://127.0.0.1:4000/currents',
    token: 'currents-token',
    ...common,
  },
  'mixpanel-export': {
    kind: 'mixpanel-export',
    apiSecret: 'mixpanel-secret',
    token: 'mixpanel-token',
    region: 'us',
    apiUrl: 'http://127.0.0.1:4020',
    ...common,
  },
  storage: { kind: 'storage', folder: 'exports', layout: 'version', codec: 'deflate', ...common },
} as const satisfies Record<CurrentDefinition['kind'], unknown>;

const launchSchema = z.strictObject({
  /** Sends an empty batch first. If the endpoint rejects it, the state of the Current doesn't change. */
  probe: z.boolean().default(false),
});

export function currentsControlRoutes(of: ModelOf) {
  const withCurrent = withItem('Current', 'currents', (id, request) => of(request).currents.get(id));
  return controlRoutes({
    'GET currents': documented(
      'The Currents, with what each has sent.',
      { 200: z.array(reportSchema) },
      request =>
        respond(
          200,
          Array.from(of(request).currents.list(), each => each.report()),
        ),
    ),
    'POST currents': documented(
      'Creates a Current, and launches it if requested.',
      { 201: reportSchema, 409: errorSchema },
      {
        body: { schema: currentCreationSchema, example: examples['custom-http'] },
        handle: async request => {
          const given = readCurrent(readJson(request.body), currentCreationSchema, request);
          const { launch, probe, ...definition } = given;
          if (definition.kind === 'storage' && !of(request).currents.canStore)
            return respond(409, { error: storageIsOff });
          const current = of(request).currents.create(definition);
          const refusal = launch ? await launchCurrent(current, probe) : undefined;
          return refusal ?? respond(201, current.report());
        },
      },
    ),
    'GET currents/:id': documented(
      'One Current.',
      { 200: reportSchema },
      withCurrent(current => respond(200, current.report())),
    ),
    'PUT currents/:id': documented(
      'Changes a Current.',
      { 200: reportSchema },
      {
        body: {
          schema: z.looseObject({ overlap: durationSchema.optional() }),
          example: { token: 'new-token', overlap: '10m' },
        },
        handle: withCurrent(async (current, request) => {
          const { overlap = 0, ...change } = recordOf(readJson(request.body));
          const given = { ...current.definition, ...change };
          await current.change(readCurrent(given, currentDefinitionSchema, request), readOverlap(overlap));
          return respond(200, current.report());
        }),
      },
    ),
    'POST currents/:id/launch': documented(
      'Launches a Current.',
      { 200: reportSchema, 409: errorSchema },
      withOptionalBody(launchSchema, { probe: true }, ({ probe }, request) =>
        withCurrent(async current => (await launchCurrent(current, probe)) ?? respond(200, current.report()))(
          request,
        ),
      ),
    ),
    'POST currents/:id/pause': documented(
      'Pauses a launched Current.',
      { 200: reportSchema, 409: errorSchema },
      withCurrent(current => {
        if (current.pause()) return respond(200, current.report());
        const error = `The Current ${current.id} is ${current.state}: only a launched one can be paused.`;
        return respond(409, { error });
      }),
    ),
    'POST currents/:id/test': documented(
      'Sends one sample event of each selected type.',
      { 200: z.object({ emitted: z.int(), attempts }) },
      withCurrent(async (current, request) => {
        const attempts = await of(request).testCurrent(current);
        const shown = attempts.map(attempt => ({ current: current.id, ...attempt }));
        return respond(200, { emitted: attempts.length, attempts: shown });
      }),
    ),
    'DELETE currents/:id': documented(
      'Deletes a Current.',
      { 200: deletedSchema },
      withCurrent((current, request) => {
        of(request).currents.delete(current.id);
        return respond(200, { deleted: current.id });
      }),
    ),
    'POST emit': documented(
      'Emits events, or generates sample events.',
      { 200: emissionSchema },
      withBody(emitSchema, emitExample, async (input, request) => {
        const model = of(request);
        const { flush, duplicates, disorder } = input;
        const emission = await model.emit(eventsOf(input, model), flush, { duplicates, disorder });
        const launched = model.currents.list().some(({ state }) => state === 'launched');
        return respond(200, { ...emission, ...(!launched && { notice: noneLaunched }) });
      }),
    ),
  });
}

const noneLaunched =
  'No Current is launched, so nothing was sent. POST /_sim/currents with "launch": true creates one.';

/** Launches a Current, after a credential probe if requested. Returns an answer only if the probe failed. */
async function launchCurrent(current: Current, probe: boolean): Promise<Respond | undefined> {
  const { status, file, error } = probe ? await current.probe() : { status: 200 };
  if (file !== undefined || (status !== undefined && status >= 200 && status < 300)) {
    await current.launch();
    return undefined;
  }
  const stays = `The Current ${current.id} stays ${current.state}:`;
  if (current.definition.kind === 'storage')
    return respond(409, { error: `${stays} ${error} Make its folder writable, then launch it again.` });
  const answer = status === undefined ? `did not answer (${error})` : `answered ${status}`;
  return respond(409, {
    error: `${stays} its endpoint ${answer} to an empty batch. Check its address and token, then launch it again.`,
  });
}

/** The kind of a Current; if omitted, it is inferred from the fields. */
function readCurrent<Schema extends z.ZodType>(
  body: unknown,
  schema: Schema,
  { method, path }: SimRequest,
): z.output<Schema> {
  const given = recordOf(body);
  const kind = given.kind ?? ('apiSecret' in given ? 'mixpanel-export' : 'custom-http');
  return checkControlInput({ ...given, kind }, schema, `The body of ${method} ${path}`, hintFor(kind));
}

function recordOf(value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new ControlInputError(`The body must be a JSON object. ${hintFor(undefined)}`);
}

/** An example of this kind, or of each kind if the kind is unknown. */
function hintFor(kind: unknown): string {
  const all = Object.values(examples);
  const shown = all.filter(example => example.kind === kind);
  const texts = (shown.length > 0 ? shown : all).map(example => JSON.stringify(example));
  return `For example: ${texts.join(', or ')}`;
}

/** The time until a change has reached every sender: `{"overlap":"10m"}` next to the changed fields. */
function readOverlap(overlap: unknown): number {
  const example = 'For example: {"token":"new-token","overlap":"10m"}';
  return overlap === 0 ? 0 : checkControlInput(overlap, durationSchema, '"overlap"', example);
}
