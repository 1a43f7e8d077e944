/** The name of a setting in messages: the variable, prefixed with the connection if that is a named one. */
export const qualified = (connection: string, setting: string): string =>
  connection === 'default' ? setting : `connections.${connection}.${setting.toLowerCase()}`;
