import type { Fault } from './gather.ts';

/** An invalid configuration: one message for people, `faults` for programs. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], warnings: readonly string[] = []) {
    const count = faults.length === 1 ? '1 error' : `${faults.length} errors`;
    const lines = [
      `Invalid configuration (${count}). The service did not start:`,
      ...faults.map(({ setting, message }) => `  - ${setting} ${message}`),
      ...(warnings.length > 0 ? ['Possible causes:'] : []),
      ...warnings.map(warning => `  - ${warning}`),
    ];
    super(lines.join('\n'));
    this.faults = faults;
  }
}
