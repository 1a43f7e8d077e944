import { faultText } from './fault-text.ts';
import type { Fault } from './gather.ts';

/** An invalid configuration: one message for people, `faults` for programs. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
  readonly faults: readonly Fault[];

  /** @param consequence what did not happen, as a sentence; may be empty */
  constructor(
    faults: readonly Fault[],
    warnings: readonly Fault[] = [],
    consequence = 'The service did not start.',
  ) {
    const count = faults.length === 1 ? '1 error' : `${faults.length} errors`;
    const lines = [
      `Invalid configuration (${count})${consequence && `. ${consequence.replace(/\.$/, '')}`}:`,
      ...faults.map(fault => `  - ${faultText(fault)}`),
      ...(warnings.length > 0 ? ['Possible causes:'] : []),
      ...warnings.map(warning => `  - ${faultText(warning)}`),
    ];
    super(lines.join('\n'));
    this.faults = faults;
  }
}
