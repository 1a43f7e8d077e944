import { ControlInputError, type SimRequest } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';

/** A query parameter of the control API that is `true` or `false`. @throws ControlInputError for another value */
export function flagOf({ path, query }: SimRequest, name: string, byDefault: boolean): boolean {
  const value = query.get(name) ?? String(byDefault);
  if (value === 'true' || value === 'false') return value === 'true';
  throw new ControlInputError(
    `"${name}" must be true or false, not "${value}". For example: ${path}?${name}=${!byDefault}`,
  );
}

/** Checks the ID of a new item under `/_sim/<list>`. @throws ControlInputError if it is no UUID */
export function checkUuid(what: string, list: string, id: string): void {
  if (z.guid().safeParse(id).success) return;
  throw new ControlInputError(
    `The id of a ${what} must be a UUID, not "${id}". For example: /_sim/${list}/55b4fb2b-e8de-466c-930f-8b36640b9b5e`,
  );
}
