import { Command } from 'commander';
import { printable } from '../config/printable.ts';
import { configured } from './configured.ts';

/** `config check` and `config print`. */
export function configCommand(): Command {
  const config = new Command('config').description('check the configuration without starting the service');
  config
    .command('check')
    .description('check the configuration')
    .action(() => {
      for (const warning of configured().warnings) console.error(warning);
      console.log('The configuration is valid.');
    });
  config
    .command('print')
    .description('print the effective configuration without secrets')
    .action(() => console.log(JSON.stringify(printable(configured()), undefined, 2)));
  return config;
}
