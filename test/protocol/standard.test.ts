// STANDARD.md is written by hand; what it says in numbers must be what the source says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { encodeLink, limits, peerHelloText } from '../../proto/runtime/index.ts';
import { peerProtocolMax, peerProtocolMin } from '../../proto/schema/peer/index.ts';
import { errorCode } from '../../proto/schema/shim/error.ts';
import { linkMessages } from '../../proto/schema/shim/index.ts';
import { envelopeKind, protocolMax, protocolMin } from '../../proto/schema/shim/link.ts';
import { maxTextBytes } from '../../proto/schema/shim/message.ts';
import { subprotocol } from '../../proto/schema/signalling/index.ts';
import { fromHex, protoFolder, toHex } from './vectors.ts';

const standard = readFileSync(join(protoFolder, 'STANDARD.md'), 'utf8');

/** The text of a section, by its number. */
function section(number: number): string {
  const found = new RegExp(`^## ${number} .*?(?=^## |(?![\\s\\S]))`, 'ms').exec(standard);
  if (found === null) throw new Error(`STANDARD.md has no section ${number}`);
  return found[0];
}

/** Rows of the tables in a text, heads and rules left out. */
const rows = (text: string): string[][] =>
  text
    .split(/\n(?!\|)/)
    .flatMap((block) =>
      block
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .slice(2),
    )
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('STANDARD.md', () => {
  it('names the versions of the source', () => {
    expect(rows(section(1))).toEqual([
      ['shim', String(protocolMin), String(protocolMax)],
      ['peer', String(peerProtocolMin), String(peerProtocolMax)],
    ]);
  });

  it('names every limit of the source with its value, and no other', () => {
    const told = Object.fromEntries(rows(section(5)).map(([name, value]) => [name, Number(value)]));
    expect(told).toEqual({ ...limits, maxTextBytes });
  });

  it('names every message kind', () => {
    const told = rows(section(4));
    const links = told.filter(([name]) => name !== undefined && name in linkMessages);
    expect(links.map(([name, kind]) => [name, Number(kind)])).toEqual(
      Object.entries(linkMessages).map(([name, { kind }]) => [name, kind]),
    );
    const forms = told.map(([kind]) => kind);
    expect(forms).toEqual(expect.arrayContaining(Object.values(envelopeKind).map(String)));
    const kinds = Object.values(linkMessages).map(({ kind }) => kind);
    expect(forms).toContain(`${Math.min(...kinds)}–${Math.max(...kinds)}`);
  });

  it('names only error codes that exist', () => {
    const words = [...standard.matchAll(/`([a-z]+[A-Z][A-Za-z]+|malformed|internal)`/g)].map(([, word]) => word);
    const known = new Set(Object.keys(errorCode.values));
    const fields = new Set(
      'protocolMismatch deadlineMs requestId idempotencyKey errorCode peerHello peerText peerStored publicKey phoneId curveServerKey daemonStops'.split(
        ' ',
      ),
    );
    expect(words.filter((word) => word !== undefined && !known.has(word) && !fields.has(word))).toEqual([]);
  });

  it('says which form integers of each size have', () => {
    const form = (sequence: number) => toHex(encodeLink('taken', { sequence })).slice(8, 10);
    const [small, large] = rows(section(2)).filter(([value]) => value?.startsWith('integer')) as [string[], string[]];
    expect(small[1]).toBe(['fixint', ...[255, 65535, 2 ** 32 - 1].map((value) => `0x${form(value)}`)].join(', '));
    expect(large[1]).toContain(`0x${form(2 ** 32)}`);
    expect(form(2 ** 53 - 1)).toBe(form(2 ** 32));
  });

  it('gives the context of the peer hello and the subprotocol as the source has them', () => {
    const fingerprint = new Array(32).fill('00').join(':');
    const bytes = peerHelloText({
      signerPhoneId: 'a',
      verifierPhoneId: 'b',
      signerFingerprint: fingerprint,
      verifierFingerprint: fingerprint,
      connection: 'c',
    });
    const context =
      rows(section(11))
        .find(([field]) => field === 'context')?.[1]
        ?.replaceAll('`', '') ?? '';
    expect(
      Buffer.from(bytes)
        .toString('latin1')
        .startsWith(`\0${String.fromCharCode(context.length)}${context}`),
    ).toBe(true);
    expect(section(12)).toContain(`\`${subprotocol}\``);
  });

  it('ends with bytes that are what it says', () => {
    const [ping, pong] = [...section(13).matchAll(/`([0-9a-f ]{8,})`/g)].map(([, hex]) => toHex(fromHex(hex ?? '')));
    expect(ping).toBe(toHex(encodeLink('ping', { nonce: 42 })));
    expect(pong).toBe(toHex(encodeLink('pong', { nonce: 42 })));
  });
});
