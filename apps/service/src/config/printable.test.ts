import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readSettings, withToken } from '../testing/read-settings.ts';
import { printable } from './printable.ts';

describe('secrets of the configuration', () => {
  const config = readSettings({ ...withToken, ADMIN_TOKEN: 'admin-token', BRAZE_REST_API_KEY: 'rest-key' });

  it.each([
    ['printed', JSON.stringify(printable(config))],
    ['serialised', JSON.stringify(config)],
    ['inspected', inspect(config, { depth: 20, showHidden: true })],
    [
      'joined into a text',
      config.connections.map(each => `${each.currents.tokens} ${each.braze.restApiKey}`).join(),
    ],
  ])('do not show when the configuration is %s', (_how, text) => {
    for (const secret of ['currents-token', 'project-token', 'admin-token', 'rest-key']) {
      expect(text).not.toContain(secret);
    }
  });
});
