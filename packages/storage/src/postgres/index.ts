/**
 * The schema in PostgreSQL and its migrations, for the commands that show and apply them.
 *
 * @module
 */

export { migrate, readSchemaState, type SchemaState } from './schema/migrate.ts';
export { type Step, steps } from './schema/steps.ts';
export { type PostgresAddress, parsePostgresUrl } from './server/address.ts';
