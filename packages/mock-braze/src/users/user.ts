import { isRecord } from '@braze-mixpanel/simulator-kit';

/** A second name of a user. A pair of name and label belongs to one user. */
export interface UserAlias {
  readonly alias_name: string;
  readonly alias_label: string;
}

export function isAlias(value: unknown): value is UserAlias {
  return isRecord(value) && typeof value.alias_name === 'string' && typeof value.alias_label === 'string';
}

/** One user profile, as the control API shows it. Identified users have an `external_id`; others are anonymous. */
export interface User {
  readonly braze_id: string;
  readonly external_id?: string;
  readonly device_ids: readonly string[];
  readonly aliases: readonly UserAlias[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly timezone: string;
}

/** What makes or changes a user; only the given parts change. */
export type UserInput = { readonly [K in keyof User]?: User[K] | undefined };

/** By what a user can be found; the keys of `/users/track` and `/users/export/ids`. */
export type UserReference =
  | { readonly external_id: string }
  | { readonly braze_id: string }
  | { readonly user_alias: UserAlias }
  | { readonly device_id: string }
  | { readonly email: string }
  | { readonly phone: string };
