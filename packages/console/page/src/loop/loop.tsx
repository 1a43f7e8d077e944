import { usePolled } from '../api/use-polled.ts';
import { about } from '../app/about.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import type { Status } from '../service/status.ts';
import { Picture } from './picture.tsx';
import { Refused } from './refused.tsx';
import { StatusLine } from './status-line.tsx';

/** The integration as a picture: Braze, the service and Mixpanel, and what moves, waits and is refused between them. */
export function Loop() {
  const service = about().servers.find(({ kind }) => kind === 'service');
  const status = usePolled<Status>(service ?? about().servers[0]!, service && 'status');
  if (service === undefined) return <Empty>This console does not show a service.</Empty>;
  return (
    <>
      <StatusLine of={status} service={service} />
      <Loaded of={status}>
        {data => (
          <>
            <Picture
              service={service}
              status={data}
              isFresh={status.error === undefined}
              at={status.dataAt}
            />
            <Refused of={data} service={service.name} />
          </>
        )}
      </Loaded>
    </>
  );
}
