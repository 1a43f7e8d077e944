import type { z } from 'zod';
import { gather } from '../config/gather.ts';
import { AdminError } from './admin-error.ts';

/**
 * Those settings of this process that a command needs, checked; faults of other settings do not matter.
 *
 * @throws AdminError
 */
export function someSettings<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape>> {
  const { settings, faults } = gather({ environment: process.env });
  const names = Object.keys(schema.shape);
  const isGiven = names.some(name => Object.hasOwn(settings, name));
  const fault = faults.find(({ setting }) =>
    setting === 'CONFIG_FILE' ? !isGiven : names.includes(setting.replace(/_FILE$/, '')),
  );
  if (fault !== undefined) throw new AdminError(`${fault.setting} ${fault.message}`);
  const read = schema.safeParse(settings);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new AdminError(`${String(issue?.path[0])} ${issue?.message}`);
}
