export { differenceTable } from './aboard/difference.ts';
export type { Sources } from './config/gather.ts';
export { settingsTable } from './config/settings-table.ts';
export { type Config, ConfigRefused, type ConnectionConfig, readConfig } from './config.ts';
export { errorTable } from './errors.ts';
export { metricsTable } from './ops/metrics/catalogue.ts';
export type { ConnectionStatus, ServiceStatus } from './ops/status.ts';
export { type Service, type ServiceDependencies, startService } from './service.ts';
