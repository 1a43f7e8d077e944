export { type Config, ConfigRefused, type ConnectionConfig, readConfig } from './config/config.ts';
export type { Sources } from './config/gather.ts';
export { settingsTable } from './config/settings-table.ts';
export { errorTable } from './errors/catalogue.ts';
export { metricsTable } from './observability/metrics/catalogue.ts';
export type { ConnectionStatus, ServiceStatus } from './observability/status.ts';
export { differenceTable } from './reconcile/difference.ts';
export type { ServiceDependencies } from './service/dependencies.ts';
export { type Service, startService } from './service/start-service.ts';
