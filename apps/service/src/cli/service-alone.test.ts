import { pino } from 'pino';
import { expect, it } from 'vitest';
import { logText } from './service-alone.ts';

function textOf(log: (logger: pino.Logger) => void): string {
  let line = '';
  log(
    pino(
      { base: null },
      {
        write: text => {
          line += text;
        },
      },
    ),
  );
  return logText(line);
}

it('The log of a service that a command starts is text: level, message, and the message of an error', () => {
  expect(textOf(logger => logger.warn({ path: 'a.avro', offset: 7 }, 'It failed.'))).toBe(
    'warn: It failed. (path: a.avro, offset: 7)\n',
  );
  expect(textOf(logger => logger.error({ err: new Error('No space') }, 'a write failed'))).toBe(
    'error: a write failed: No space\n',
  );
  expect(textOf(logger => logger.error(new Error('No space')))).toBe('error: No space\n');
});

it('A line of the log that is no entry is shown as it is', () => {
  for (const line of ['text\n', '{"level":"x"}\n', '']) expect(logText(line)).toBe(line);
});

it('A message of the log cannot control the terminal', () => {
  expect(textOf(logger => logger.warn('a\u001B[2Jb'))).toBe('warn: a·[2Jb\n');
});
