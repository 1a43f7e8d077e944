/**
 * The name constraints of an authority (RFC 5280, section 4.2.1.10). Programs that trust it reject its
 * certificates for any other name, so a stolen key is of use for simulators only.
 */
import { isIP } from 'node:net';

export const nameConstraintsId = '2.5.29.30';

/** Whether the constraints permit a name: listed, a subdomain of a listed one, or a loopback address. */
export function permits(permitted: readonly string[], name: string): boolean {
  const wanted = plain(name);
  if (isIP(wanted) !== 0) return wanted.startsWith('127.') || wanted === '::1' || permitted.includes(wanted);
  return permitted.some(each => wanted === each || wanted.endsWith(`.${each}`));
}

/** A name in the form of constraints: lower case, without the `*.` of a wildcard. */
export function plain(name: string): string {
  const lower = name.toLowerCase();
  return lower.startsWith('*.') ? lower.slice(2) : lower;
}

/** The extension in DER: the permitted names and addresses, and the loopback addresses. */
export function nameConstraints(permitted: readonly string[]): Uint8Array {
  const addresses = permitted.filter(each => isIP(each) !== 0).map(bytesOf);
  const names = permitted.filter(each => isIP(each) === 0);
  const subtrees = [
    ...names.map(name => element(0x82, Buffer.from(name))),
    element(0x87, Buffer.from([127, 0, 0, 0, 255, 0, 0, 0])),
    ...[bytesOf('::1'), ...addresses].map(bytes =>
      element(0x87, Buffer.from([...bytes, ...bytes.map(() => 255)])),
    ),
  ];
  return element(0x30, element(0xa0, ...subtrees.map(base => element(0x30, base))));
}

function element(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function bytesOf(address: string): number[] {
  if (isIP(address) === 4) return address.split('.').map(Number);
  const [head = [], tail = []] = address
    .split('::')
    .map(part => part.split(':').filter(group => group !== ''));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].flatMap(group => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}
