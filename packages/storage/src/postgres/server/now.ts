/**
 * The database's time in milliseconds since 1970, one moment per statement: leases and delays follow it, not
 * the clocks of its users.
 */
export const NOW = `floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint`;
