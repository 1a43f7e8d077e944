import { openSource, parseSourceAddress } from '@braze-mixpanel/currents-files';
import { checkFile, parseStorageUrl } from '@braze-mixpanel/storage';
import { Command } from 'commander';
import { billingWarnings, catalogueNotes, exclusionWarnings } from '../config/catalogue-notes.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { faultText } from '../config/fault-text.ts';
import { printable } from '../config/printable.ts';
import { qualified } from '../config/qualified.ts';
import { checkCollect } from '../doctor/collect-checks.ts';
import { configured } from './configured.ts';
import { print } from './print.ts';
import { fitted, paragraph } from './terminal.ts';

/** `config check` and `config print`. */
export function configCommand(): Command {
  const config = new Command('config').description('check the configuration without starting the service');
  config
    .command('check')
    .description('check the configuration')
    .action(async () => {
      const { warnings, connections, storageUrl } = await configured('');
      for (const warning of [
        ...warnings.map(faultText),
        ...connections.flatMap(billingWarnings),
        ...connections.flatMap(exclusionWarnings),
        ...(await Promise.all(connections.map(folderWarnings))).flat(),
      ])
        console.error(fitted(warning, process.stderr));
      const storage = parseStorageUrl(storageUrl);
      if ('location' in storage && storage.location.kind === 'sqlite') checkFile(storage.location.path);
      for (const connection of connections)
        for (const note of catalogueNotes(connection)) print(paragraph(note));
      print('The configuration is valid.');
    });
  config
    .command('print')
    .description('print the effective configuration without secrets')
    .action(async () => {
      const config = await configured('Nothing was printed.');
      print(JSON.stringify(printable(config), undefined, 2));
    });
  return config;
}

/** A sentence for a folder of COLLECT that cannot be read, or has no files. Buckets are left to `doctor`. */
async function folderWarnings({ name, collect }: ConnectionConfig): Promise<string[]> {
  if (collect === undefined || parseSourceAddress(collect.source).kind !== 'folder') return [];
  const found = await checkCollect({ collect }, openSource);
  return found
    .filter(({ result }) => result !== 'ok')
    .map(({ message }) => `${qualified(name, 'COLLECT')}: ${message}`);
}
