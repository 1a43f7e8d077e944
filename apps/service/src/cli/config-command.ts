import { checkFile, parseStorageUrl } from '@braze-mixpanel/storage';
import { Command } from 'commander';
import { billingWarnings, catalogueSentence, exclusionWarnings } from '../config/catalogue-notes.ts';
import { printable } from '../config/printable.ts';
import { configured } from './configured.ts';

/** `config check` and `config print`. */
export function configCommand(): Command {
  const config = new Command('config').description('check the configuration without starting the service');
  config
    .command('check')
    .description('check the configuration')
    .action(async () => {
      const { warnings, connections, storageUrl } = await configured('');
      for (const warning of [
        ...warnings,
        ...connections.flatMap(billingWarnings),
        ...connections.flatMap(exclusionWarnings),
      ])
        console.error(warning);
      const storage = parseStorageUrl(storageUrl);
      if ('location' in storage && storage.location.kind === 'sqlite') checkFile(storage.location.path);
      for (const connection of connections) console.log(catalogueSentence(connection));
      console.log('The configuration is valid.');
    });
  config
    .command('print')
    .description('print the effective configuration without secrets')
    .action(async () => {
      const config = await configured('Nothing was printed.');
      console.log(JSON.stringify(printable(config), undefined, 2));
    });
  return config;
}
