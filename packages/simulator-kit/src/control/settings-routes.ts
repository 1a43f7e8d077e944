import * as z from 'zod';
import { respond } from '../answer.ts';
import type { SimRequest } from '../types.ts';
import { controlRoutes, documented } from './control-route.ts';
import { withBody } from './with-input.ts';

/** Settings merged with a change; `undefined` fields keep their value. */
export function changeSettings<Settings extends object>(
  settings: Settings,
  change: { readonly [Name in keyof Settings]?: Settings[Name] | undefined },
): Settings {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(given) };
}

/**
 * The routes `GET|PUT /_sim/settings`: settings that can change while a simulator runs.
 *
 * @param of finds the owner of the settings for a request.
 * @param schema the changeable fields, each optional.
 * @param example a valid change, shown to a client that sent an invalid one.
 */
export function settingsRoutes<
  Settings extends object,
  Schema extends z.ZodType<{ readonly [Name in keyof Settings]?: Settings[Name] | undefined }>,
>(of: (request: SimRequest) => { settings: Settings }, schema: Schema, example: unknown) {
  const all: z.ZodType = schema instanceof z.ZodObject ? schema.required() : schema;
  const answers = { 200: all as z.ZodType<Settings> };
  return controlRoutes({
    'GET settings': documented('The settings.', answers, request => respond(200, of(request).settings)),
    'PUT settings': documented(
      'Changes some of the settings.',
      answers,
      withBody(schema, example, (change, request) => {
        const owner = of(request);
        owner.settings = changeSettings(owner.settings, change);
        return respond(200, owner.settings);
      }),
    ),
  });
}
