/** `/_sim/rest-keys`: Settings → APIs and Identifiers, the keys of the workspace and what each may do. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import { controlRoute, readControlInput, respond } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import { missing } from '../control-answers.ts';
import { restPermissions } from '../state.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

const keySchema = z.strictObject({
  /** Made up by default. */
  key: z.string().regex(/^\S+$/, 'must be text without spaces').optional(),
  /** All of them by default. */
  permissions: z.array(z.enum(restPermissions)).default([...restPermissions]),
});

export function restKeyRoutes(workspaces: Workspaces): Route[] {
  return [
    controlRoute('GET', 'rest-keys', request => respond(200, workspaces.of(request).restKeys)),
    controlRoute('POST', 'rest-keys', request => {
      const example = { key: 'read-only', permissions: ['users.export.ids'] };
      const { key = workspaces.newRestKey(), permissions } = readControlInput(request, keySchema, example);
      const model = workspaces.of(request);
      const owner = workspaces.ownerOfRestKey(key);
      if (owner !== undefined && owner !== model) {
        return respond(409, {
          error: 'Another workspace has this key, and a key names one workspace. Choose another.',
        });
      }
      const made = { key, permissions };
      model.restKeys = [...model.restKeys.filter(known => known.key !== key), made];
      return respond(201, made);
    }),
    controlRoute('DELETE', 'rest-keys/:key', request => {
      const { key = '' } = request.params;
      const model = workspaces.of(request);
      if (!model.restKeys.some(known => known.key === key)) return missing('REST key', key, 'rest-keys');
      model.restKeys = model.restKeys.filter(known => known.key !== key);
      return respond(200, { deleted: key });
    }),
  ];
}
