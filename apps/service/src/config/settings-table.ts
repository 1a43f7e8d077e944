import { z } from 'zod';
import { notes } from './setting-notes.ts';
import { connectionShape, serviceShape } from './settings.ts';

/** The settings of the process or of one connection as a Markdown table for the documentation. */
export function settingsTable(scope: 'service' | 'connection'): string {
  const rows = Object.entries(scope === 'service' ? serviceShape : connectionShape).map(([name, schema]) => {
    const { about, secret } = notes.get(schema) ?? { about: '' };
    const written = schema instanceof z.ZodPrefault ? `\`${schema.def.defaultValue}\`` : '';
    return `| \`${name}\`${secret ? ` \\*` : ''} | ${written} | ${about} |`;
  });
  return ['| Setting | Default | Description |', '| --- | --- | --- |', ...rows].join('\n');
}
