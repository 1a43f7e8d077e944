/** `/_sim/currents` and `/_sim/emit`. */
import { generation2022_06 } from '@braze-mixpanel/core/currents';
import {
  ControlInputError,
  checkControlInput,
  controlRoutes,
  durationSchema,
  type Respond,
  type Route,
  readControlInput,
  respond,
  type SimRequest,
  withItem,
} from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { MockBrazeModel } from '../model.ts';
import { settingsSchema } from '../settings.ts';
import { readJson } from '../vendor-answers.ts';
import type { ModelOf } from '../workspaces/workspaces.ts';
import type { Current } from './current.ts';
import type { CurrentDefinition } from './definition.ts';
import { currentDefinitionSchema } from './definition.ts';
import { readSelection, unknownNames } from './selection.ts';

const common = { name: 'To Mixpanel', contactEmail: 'data@example.com', events: 'all', launch: true };

/** One Current of each kind as it would be right, shown to whoever asked for a wrong one. */
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
} as const satisfies Record<CurrentDefinition['kind'], unknown>;

const launchSchema = z.strictObject({
  /** Sends an empty batch first; a Current whose endpoint does not take it stays as it is. */
  probe: z.boolean().default(false),
});

const createSchema = launchSchema.extend({ launch: z.boolean().default(false) });

const generateSchema = z.strictObject({
  count: z.int().min(1).max(1_000_000),
  /** Event types or Mixpanel event names; every type of the catalogue by default. */
  types: z.array(z.string().min(1)).min(1).optional(),
  seed: z.union([z.string(), z.number()]).optional(),
});

const unrulySchema = settingsSchema.pick({ duplicates: true, disorder: true });

export function currentsControlRoutes(of: ModelOf): Route[] {
  const withCurrent = withItem('Current', 'currents', (id, request) => of(request).currents.get(id));
  return controlRoutes({
    'GET currents': request => {
      const currents = of(request).currents.list();
      return respond(
        200,
        currents.map(current => current.report()),
      );
    },
    'POST currents': async request => {
      const { definition, launch, probe } = readCreation(request);
      const current = of(request).currents.create(definition);
      if (!launch) return respond(201, current.report());
      const launched = await launchCurrent(current, probe);
      return launched.status === 200 ? respond(201, current.report()) : launched;
    },
    'GET currents/:id': withCurrent(current => respond(200, current.report())),
    'PUT currents/:id': withCurrent(async (current, request) => {
      const { overlap = 0, ...change } = recordOf(readJson(request.body));
      const definition = readDefinition({ ...current.definition, ...change }, request);
      await current.change(definition, readOverlap(overlap));
      return respond(200, current.report());
    }),
    'POST currents/:id/launch': withCurrent((current, request) =>
      launchCurrent(current, readLaunch(request).probe),
    ),
    'POST currents/:id/pause': withCurrent(current => {
      if (current.pause()) return respond(200, current.report());
      const error = `The Current ${current.id} is ${current.state}: only a launched one can be paused.`;
      return respond(409, { error });
    }),
    'POST currents/:id/test': withCurrent(async (current, request) => {
      const attempts = await of(request).testCurrent(current);
      const shown = attempts.map(attempt => ({ current: current.id, ...attempt }));
      return respond(200, { emitted: attempts.length, attempts: shown });
    }),
    'DELETE currents/:id': withCurrent((current, request) => {
      of(request).currents.delete(current.id);
      return respond(200, { deleted: current.id });
    }),
    'POST emit': async request => {
      const model = of(request);
      const { events, flush, ...order } = readEmission(model, request);
      const emission = await model.emit(events, flush, order);
      const launched = model.currents.list().some(({ state }) => state === 'launched');
      return respond(200, { ...emission, ...(!launched && { notice: noneLaunched }) });
    },
  });
}

const noneLaunched =
  'No Current is launched, so nothing was sent. POST /_sim/currents with "launch": true makes one.';

async function launchCurrent(current: Current, probe: boolean): Promise<Respond> {
  if (probe) {
    const { status, error } = await current.probe();
    if (status === undefined || status < 200 || status >= 300) {
      const answer = status === undefined ? `did not answer (${error})` : `answered ${status}`;
      return respond(409, {
        error: `The Current ${current.id} stays ${current.state}: its endpoint ${answer} to an empty batch. Check its address and token, then launch it again.`,
      });
    }
  }
  await current.launch();
  return respond(200, current.report());
}

function readCreation(request: SimRequest) {
  const body = readJson(request.body);
  const { launch, probe, ...definition } = recordOf(body);
  const where = `The body of ${request.method} ${request.path}`;
  const flags = checkControlInput(
    { ...(launch !== undefined && { launch }), ...(probe !== undefined && { probe }) },
    createSchema,
    where,
    hintFor(kindOf(definition)),
  );
  return { definition: readDefinition(definition, request), ...flags };
}

/** The kind may be left out where the fields say it. */
function kindOf(given: Record<string, unknown>): unknown {
  return given.kind ?? ('apiSecret' in given ? 'mixpanel-export' : 'custom-http');
}

/** An example of the kind that was asked for, or of both where that is none. */
function hintFor(kind: unknown): string {
  const shown = Object.values(examples).filter(example => example.kind === kind);
  const texts = (shown.length > 0 ? shown : Object.values(examples)).map(example => JSON.stringify(example));
  return `For example: ${texts.join(', or ')}`;
}

function readDefinition(given: Record<string, unknown>, request: SimRequest): CurrentDefinition {
  const kind = kindOf(given);
  const where = `The body of ${request.method} ${request.path}`;
  return checkControlInput({ ...given, kind }, currentDefinitionSchema, where, hintFor(kind));
}

function readLaunch(request: SimRequest): z.output<typeof launchSchema> {
  return request.body.length === 0
    ? { probe: false }
    : readControlInput(request, launchSchema, { probe: true });
}

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new ControlInputError(`The body has to be a JSON object. ${hintFor(undefined)}`);
}

/** How long a change is felt: what `{"overlap":"10m"}` beside the changed fields says. */
function readOverlap(overlap: unknown): number {
  const example = 'For example: {"token":"new-token","overlap":"10m"}';
  return overlap === 0 ? 0 : checkControlInput(overlap, durationSchema, '"overlap"', example);
}

/** Not checked by a schema: a hundred thousand events, any of which may be wrong on purpose. */
function readEmission(
  model: MockBrazeModel,
  request: SimRequest,
): { events: readonly unknown[]; flush: boolean; duplicates?: number; disorder?: boolean } {
  const body = readJson(request.body);
  const {
    events,
    generate,
    flush = true,
    duplicates,
    disorder,
  } = typeof body === 'object' && body !== null ? (body as Emit) : {};
  if (typeof flush !== 'boolean') throw new ControlInputError(`"flush" is true or false. ${emitHint}`);
  const unruliness = checkControlInput(
    { ...(duplicates !== undefined && { duplicates }), ...(disorder !== undefined && { disorder }) },
    unrulySchema,
    'How the events leave',
    'For example: {"generate":{"count":100},"duplicates":0.1,"disorder":true}',
  );
  if (Array.isArray(events)) return { events, flush, ...unruliness };
  if (events !== undefined || generate === undefined) {
    throw new ControlInputError(
      `POST /_sim/emit takes a JSON object whose "events" is an array. ${emitHint}`,
    );
  }
  const plan = checkControlInput(generate, generateSchema, '"generate"', emitHint);
  const selection = readSelection(plan.types ?? 'all');
  if ('unknown' in selection) throw new ControlInputError(`"types" ${unknownNames(selection.unknown)}.`);
  const known = [...generation2022_06.byType.keys()];
  const types = selection.all ? known : known.filter(type => selection.types.has(type));
  if (types.length === 0)
    throw new ControlInputError(`"types" names no event type of the catalogue. ${emitHint}`);
  const samples = model.samples(plan.count, types, plan.seed);
  if (!samples)
    throw new ControlInputError('There are no users to make events for. POST /_sim/users makes some.');
  return { events: samples, flush, ...unruliness };
}

interface Emit {
  readonly events?: unknown;
  readonly generate?: unknown;
  readonly flush?: unknown;
  readonly duplicates?: unknown;
  readonly disorder?: unknown;
}

const emitHint = `For example: {"events":[{"event_type":"users.messages.email.Send","id":"…","time":1700000000,"user":{"external_user_id":"user-1"},"properties":{}}]}, or {"generate":{"count":100}}`;
