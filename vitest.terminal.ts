/**
 * Tests read what commands print, so neither a test nor a process that it starts colors it. A task runner may set `FORCE_COLOR`, with
 * which Node.js ignores `NO_COLOR` and says so on standard error.
 */
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = '1';
