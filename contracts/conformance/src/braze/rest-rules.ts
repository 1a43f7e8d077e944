/**
 * Rules of Braze's REST API, as requests with expected answers. They run against the simulator in every test
 * run, and against a real workspace if its key is given. Each names the rule of the simulator's coverage that
 * it checks, word for word.
 */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';

export interface RestAccess {
  readonly url: string;
  readonly key: string;
  /** Prefix of every external ID and alias name, so that no real data is touched. */
  readonly prefix: string;
}

export interface RestRule {
  readonly route: string;
  readonly rule: string;
  check(post: Post, prefix: string): Promise<void>;
}

export type Post = (
  path: string,
  body: unknown,
) => Promise<{ readonly status: number; readonly body: unknown }>;

export function poster({ url, key }: RestAccess): Post {
  return async (path, body) => {
    const answer = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };
}

const processedAliases = '201 `{"aliases_processed":n,"message":"success"}`';

export const restRules: readonly RestRule[] = [
  {
    route: 'users-track',
    rule: '201 with the numbers processed, and `errors` for the objects that were not',
    async check(post, prefix) {
      const attributes = [{ external_id: `${prefix}ada`, conformance: true }, { conformance: true }];
      const { status, body } = await post('/users/track', { attributes });
      const { errors = [], attributes_processed } = body as {
        errors?: { input_array: string; index: number }[];
        attributes_processed?: number;
      };
      const named = errors.map(({ input_array, index }) => [input_array, index]);
      deepStrictEqual([status, attributes_processed, named], [201, 1, [['attributes', 1]]]);
    },
  },
  {
    route: 'users-track',
    rule: '400 when no object is valid',
    async check(post) {
      strictEqual((await post('/users/track', { attributes: [{ conformance: true }] })).status, 400);
    },
  },
  {
    route: 'users-track',
    rule: '75 objects in a request, in all arrays together',
    async check(post, prefix) {
      const object = { external_id: `${prefix}ada`, conformance: true };
      const event = { external_id: `${prefix}ada`, name: 'Conformance', time: new Date().toISOString() };
      const attributes = Array.from({ length: 75 }, () => object);
      strictEqual((await post('/users/track', { attributes })).status, 201);
      strictEqual((await post('/users/track', { attributes, events: [event] })).status, 400);
    },
  },
  {
    route: 'users-alias-new',
    rule: processedAliases,
    async check(post, prefix) {
      const user_aliases = [{ alias_name: `${prefix}lead`, alias_label: 'conformance' }];
      deepStrictEqual(await post('/users/alias/new', { user_aliases }), {
        status: 201,
        body: { aliases_processed: 1, message: 'success' },
      });
    },
  },
  {
    route: 'users-alias-new',
    rule: 'a pair of name and label that exists is answered as success',
    async check(post, prefix) {
      const user_aliases = [{ alias_name: `${prefix}lead`, alias_label: 'conformance' }];
      strictEqual((await post('/users/alias/new', { user_aliases })).status, 201);
      strictEqual((await post('/users/alias/new', { user_aliases })).status, 201);
    },
  },
  {
    route: 'users-identify',
    rule: processedAliases,
    async check(post, prefix) {
      const user_alias = { alias_name: `${prefix}lead`, alias_label: 'conformance' };
      const aliases_to_identify = [{ external_id: `${prefix}grace`, user_alias }];
      deepStrictEqual(await post('/users/identify', { aliases_to_identify }), {
        status: 201,
        body: { aliases_processed: 1, message: 'success' },
      });
    },
  },
  {
    route: 'users-export-ids',
    rule: '`invalid_user_ids` lists unknown ids',
    async check(post, prefix) {
      const { status, body } = await post('/users/export/ids', {
        external_ids: [`${prefix}nobody`],
        fields_to_export: ['external_id'],
      });
      const { users, invalid_user_ids } = body as { users: unknown; invalid_user_ids: unknown };
      deepStrictEqual([status, users, invalid_user_ids], [201, [], [`${prefix}nobody`]]);
    },
  },
  {
    route: 'users-export-ids',
    rule: '50 external ids and aliases in a request',
    async check(post, prefix) {
      const external_ids = Array.from({ length: 51 }, (_, index) => `${prefix}${index}`);
      const { status } = await post('/users/export/ids', { external_ids, fields_to_export: ['external_id'] });
      strictEqual(status, 400);
    },
  },
  {
    route: 'users-delete',
    rule: '201 with `deleted`, and `invalid_user_ids` for unknown ids',
    async check(post, prefix) {
      const { status, body } = await post('/users/delete', { external_ids: [`${prefix}nobody`] });
      const { deleted, invalid_user_ids } = body as { deleted: unknown; invalid_user_ids: unknown };
      deepStrictEqual([status, deleted, invalid_user_ids], [201, 0, [`${prefix}nobody`]]);
    },
  },
  {
    route: 'users-delete',
    rule: '50 objects in a request',
    async check(post, prefix) {
      const external_ids = Array.from({ length: 51 }, (_, index) => `${prefix}${index}`);
      strictEqual((await post('/users/delete', { external_ids })).status, 400);
    },
  },
];

/** Deletes the data created by the checks. */
export async function cleanUp(post: Post, prefix: string): Promise<void> {
  await post('/users/delete', { external_ids: [`${prefix}ada`, `${prefix}grace`] });
  await post('/users/delete', {
    user_aliases: [{ alias_name: `${prefix}lead`, alias_label: 'conformance' }],
  });
}
