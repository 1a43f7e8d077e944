/** The routes `/_sim/workspaces`: the workspaces of the account. */
import {
  controlRoutes,
  deletedSchema,
  documented,
  errorSchema,
  missing,
  respond,
  withBody,
} from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { Workspaces } from './workspaces.ts';

const createSchema = z.strictObject({
  /** A name that is valid in a header and as a key of the state's JSON. */
  name: z
    .string()
    .regex(
      /^(?!__proto__$)[\w.-]{1,100}$/,
      'must consist of letters, digits and _ . -, and not be __proto__',
    ),
});

const workspaceSchema = z.object({ name: z.string(), users: z.int(), rest_keys: z.array(z.string()) });

export function workspaceControlRoutes(workspaces: Workspaces) {
  const shown = (name: string) => {
    const model = workspaces.of({ headers: { 'x-workspace': name } });
    return { name, users: model.users.size, rest_keys: model.restKeys.map(({ key }) => key) };
  };
  return controlRoutes({
    'GET workspaces': documented('The workspaces of the account.', { 200: z.array(workspaceSchema) }, () =>
      respond(200, ['main', ...workspaces.names()].map(shown)),
    ),
    'POST workspaces': documented(
      'Creates an empty workspace.',
      { 201: workspaceSchema, 409: errorSchema },
      withBody(createSchema, { name: 'brand-b' }, ({ name }) => {
        if (name === 'main' || workspaces.names().includes(name))
          return respond(409, { error: `Workspace "${name}" already exists.` });
        workspaces.create(name);
        return respond(201, shown(name));
      }),
    ),
    'DELETE workspaces/:name': documented(
      'Deletes a workspace.',
      { 200: deletedSchema, 409: errorSchema },
      ({ params: { name = '' } }) => {
        if (name === 'main')
          return respond(409, { error: "The workspace main can't be deleted. POST /_sim/reset empties it." });
        return workspaces.delete(name)
          ? respond(200, { deleted: name })
          : missing('workspace', name, 'workspaces');
      },
    ),
  });
}
