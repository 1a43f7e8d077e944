/** `/_sim/workspaces`: the workspaces of the account. */
import { controlRoutes, missing, type Route, respond, withBody } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { Workspaces } from './workspaces.ts';

const createSchema = z.strictObject({
  /** As it can stand in a header, and as a key of the state's JSON. */
  name: z
    .string()
    .regex(/^(?!__proto__$)[\w.-]{1,100}$/, 'takes letters, digits and _ . -, and not __proto__'),
});

export function workspaceControlRoutes(workspaces: Workspaces): Route[] {
  const shown = (name: string) => {
    const model = workspaces.of({ headers: { 'x-workspace': name } });
    return { name, users: model.users.size, rest_keys: model.restKeys.map(({ key }) => key) };
  };
  return controlRoutes({
    'GET workspaces': () => respond(200, ['main', ...workspaces.names()].map(shown)),
    'POST workspaces': withBody(createSchema, { name: 'brand-b' }, ({ name }) => {
      if (name === 'main' || workspaces.names().includes(name))
        return respond(409, { error: `There is a workspace "${name}" already.` });
      workspaces.create(name);
      return respond(201, shown(name));
    }),
    'DELETE workspaces/:name': ({ params: { name = '' } }) => {
      if (name === 'main')
        return respond(409, { error: 'The workspace main is always there. POST /_sim/reset empties it.' });
      return workspaces.delete(name)
        ? respond(200, { deleted: name })
        : missing('workspace', name, 'workspaces');
    },
  });
}
