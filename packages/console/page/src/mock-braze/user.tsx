import { Text } from '../parts/text.tsx';

/** A user profile as mock Braze reports it. */
export interface User {
  readonly braze_id: string;
  readonly external_id?: string;
  readonly device_ids: readonly string[];
  readonly aliases: readonly unknown[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly timezone: string;
}

/** Characters of a Braze ID that tell users apart. */
const shortId = 8;

/** A user by the external ID; an anonymous one by a device, or else by the beginning of the Braze ID. */
export const UserName = ({ of: { external_id, device_ids, braze_id } }: { of: User }) =>
  external_id !== undefined ? (
    <Text of={external_id} length={80} />
  ) : (
    <>
      <span class="quiet">anonymous,</span>{' '}
      {device_ids[0] === undefined ? (
        `Braze ID ${braze_id.slice(0, shortId)}…`
      ) : (
        <Text of={`device ${device_ids[0]}`} length={60} />
      )}
    </>
  );
