/** The tables in PostgreSQL and their migrations, for the commands that show and apply them. */

export { migrate, readSchemaState, type SchemaState } from './schema/migrate.ts';
export { type Step, steps } from './schema/steps.ts';
export { type PostgresAddress, parsePostgresUrl } from './server/address.ts';
