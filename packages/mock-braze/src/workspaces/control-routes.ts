/** `/_sim/workspaces` and `/_sim/settings`. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import { controlRoute, readControlInput, respond } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import { missing } from '../control-answers.ts';
import { changeSettings, settingsSchema } from '../settings.ts';
import type { Workspaces } from './workspaces.ts';

const createSchema = z.strictObject({
  /** As it can stand in a header, and as a key of the state's JSON. */
  name: z
    .string()
    .regex(/^(?!__proto__$)[\w.-]{1,100}$/, 'takes letters, digits and _ . -, and not __proto__'),
});

export function workspaceRoutes(workspaces: Workspaces): Route[] {
  const shown = (name: string) => {
    const model = workspaces.of({ headers: { 'x-workspace': name } });
    return { name, users: model.users.size, rest_keys: model.restKeys.map(({ key }) => key) };
  };
  return [
    controlRoute('GET', 'workspaces', () => respond(200, ['main', ...workspaces.names()].map(shown))),
    controlRoute('POST', 'workspaces', request => {
      const { name } = readControlInput(request, createSchema, { name: 'brand-b' });
      if (name === 'main' || workspaces.names().includes(name))
        return respond(409, { error: `There is a workspace "${name}" already.` });
      workspaces.create(name);
      return respond(201, shown(name));
    }),
    controlRoute('DELETE', 'workspaces/:name', ({ params: { name = '' } }) => {
      if (name === 'main')
        return respond(409, { error: 'The workspace main is always there. POST /_sim/reset empties it.' });
      return workspaces.delete(name)
        ? respond(200, { deleted: name })
        : missing('workspace', name, 'workspaces');
    }),
    controlRoute('GET', 'settings', request => respond(200, workspaces.of(request).settings)),
    controlRoute('PUT', 'settings', request => {
      const model = workspaces.of(request);
      const change = readControlInput(request, settingsSchema, { batchSize: 50, flushInterval: '5m' });
      model.settings = changeSettings(model.settings, change);
      return respond(200, model.settings);
    }),
  ];
}
