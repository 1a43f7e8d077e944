import { connect, type Socket } from 'node:net';
import type { MalformedBody } from './malformed-bodies.ts';

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * A keep-alive connection that posts bodies unchanged, with minimal HTTP, since a client library would use
 * more CPU than the service. Each body is sent after the answer to the previous one.
 */
export class RawSender {
  readonly #port: number;
  readonly #head: string;
  #socket: Socket | undefined;

  constructor(url: string, path: string, token: string) {
    this.#port = Number(new URL(url).port);
    this.#head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  }

  /** @throws Error if the connection is closed, or silent for a minute, before the answer is complete */
  send({ bytes, encoding }: MalformedBody): Promise<RawAnswer> {
    this.#socket ??= connect(this.#port, '127.0.0.1').setNoDelay();
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      let text = '';
      const settle = (act: () => void, keep: boolean) => {
        clearTimeout(timer);
        socket.off('data', collect).off('error', fail).off('close', ended);
        if (!keep) this.close();
        act();
      };
      const fail = (why: unknown) => settle(() => reject(new Error(`no answer: ${why}`)), false);
      const ended = () => fail('the connection was closed');
      const timer = setTimeout(fail, 60_000, 'none within a minute');
      const collect = (chunk: Buffer) => {
        text += chunk.toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        if (end === -1) return;
        const head = text.slice(0, end);
        const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
        const body = text.slice(end + 4);
        if (body.length < length) return;
        const keep = !/\r\nconnection: close/i.test(head);
        settle(() => resolve({ status: Number(head.slice(9, 12)), body }), keep);
      };
      socket.on('data', collect).on('error', fail).on('close', ended);
      const coding = encoding === 'identity' ? '' : `Content-Encoding: ${encoding}\r\n`;
      socket.cork();
      socket.write(`${this.#head}${coding}Content-Length: ${bytes.length}\r\n\r\n`);
      socket.write(bytes);
      socket.uncork();
    });
  }

  close(): void {
    this.#socket?.on('error', () => undefined).destroy();
    this.#socket = undefined;
  }
}
