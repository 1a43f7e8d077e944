import { type ServerProcess, startServerProcess } from '../measure/server-process.ts';

export interface ServiceProcessOptions {
  environment: Record<string, string>;
  /** Folder for a CPU profile of each thread, written when the service ends. */
  profileFolder: string | undefined;
}

/** The real service, as `npm run service` starts it, on a free port. */
export function startServiceProcess(options: ServiceProcessOptions): Promise<ServerProcess> {
  return startServerProcess({ packageName: '@braze-mixpanel/service', ...options });
}
