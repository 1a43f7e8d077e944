import * as z from 'zod';
import { respond } from '../answer.ts';
import type { Route, SimRequest } from '../types.ts';
import { controlRoutes, documented } from './control-route.ts';
import { withBody } from './with-input.ts';

/** Settings with some of them changed; what is `undefined` stays as it is. */
export function changeSettings<Settings extends object>(
  settings: Settings,
  change: { readonly [Name in keyof Settings]?: Settings[Name] | undefined },
): Settings {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(given) };
}

/**
 * `GET|PUT /_sim/settings`: what can be set while a simulator runs.
 *
 * @param of what has the settings that a request is about.
 * @param schema the fields that may change, each optional.
 * @param example a change, shown to a client that sent a wrong one.
 */
export function settingsRoutes<Settings extends object>(
  of: (request: SimRequest) => { settings: Settings },
  schema: z.ZodType<{ readonly [Name in keyof Settings]?: Settings[Name] | undefined }>,
  example: unknown,
): Route[] {
  const answers = { 200: schema instanceof z.ZodObject ? schema.required() : schema };
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
