import { describe, expect, it } from '@jest/globals';
import {
  checkSignal,
  decodePeer,
  decodeResult,
  decodeShim,
  encodeErrorResponse,
  encodeEvent,
  encodeLink,
  encodePeer,
  encodeRequest,
  encodeResponse,
  encodeSignal,
  limits,
  ProtocolError,
  peerHelloText,
  toUtf8,
  utf8Bytes,
} from '../../proto/runtime/index.ts';
import { isText } from '../../proto/runtime/text.ts';
import { maxTextBytes } from '../../proto/schema/shim/message.ts';
import { toHex } from './vectors.ts';

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return 'nothing';
}

/** A ping whose unknown tag 2 holds these bytes. */
const pingWith = (...bytes: number[]) => Uint8Array.from([0x92, 0x06, 0x82, 0x01, 0x2a, 0x02, ...bytes]);
/** array32 of `count` nils, and room for its bytes. */
const nils = (count: number): number[] => [
  0xdd,
  0,
  (count >> 16) & 0xff,
  (count >> 8) & 0xff,
  count & 0xff,
  ...new Array(count).fill(0xc0),
];

describe('limits', () => {
  it('take a text of the longest size in one to four bytes a character, and refuse one byte more', () => {
    for (const character of ['a', 'é', '€', '😀']) {
      const size = utf8Bytes(character);
      const text = character.repeat(Math.floor(maxTextBytes / size)) + 'b'.repeat(maxTextBytes % size);
      const send = (longer: string) => encodeRequest(1, 'message.send', { peerId: 'bob', text: longer });
      expect(decodeShim(send(text))).toMatchObject({ params: { text } });
      expect(codeOf(() => send(`${text}b`))).toBe('invalidArgument');
    }
  });

  it('refuse a message of more than 1 MiB before it is read', () => {
    expect(codeOf(() => decodeShim(new Uint8Array(limits.maxMessageBytes + 1)))).toBe('tooLarge');
    expect(codeOf(() => decodePeer(new Uint8Array(limits.maxMessageBytes + 1)))).toBe('tooLarge');
  });

  it('refuse a message with more values than allowed, and take the last one', () => {
    // The message, its kind, its map, two tags, the nonce and the array itself are seven.
    expect(codeOf(() => decodeShim(pingWith(...nils(limits.maxValues - 7))))).toBe('nothing');
    expect(codeOf(() => decodeShim(pingWith(...nils(limits.maxValues - 6))))).toBe('malformed');
  });

  it('leave room for the largest answer that the schema allows', () => {
    const peers = Array.from({ length: 1024 }, (_, i) => ({
      peerId: `${i}`.padEnd(128),
      displayName: '€'.repeat(85),
      online: true,
    }));
    expect(encodeResponse(limits.maxInteger, 'peers.list', { peers }).length).toBeLessThan(limits.maxMessageBytes);
  });
});

describe('encoders', () => {
  const values: [string, () => unknown][] = [
    ['a missing field', () => encodeLink('ping', {} as never)],
    ['a number for a text', () => encodeLink('refused', { code: 'internal', text: 7 as never })],
    ['half a surrogate pair', () => encodeLink('refused', { code: 'internal', text: '\ud800' })],
    ['U+0000', () => encodeLink('refused', { code: 'internal', text: 'a\0' })],
    ['a fraction', () => encodeLink('ping', { nonce: 1.5 })],
    ['a negative number', () => encodeLink('ping', { nonce: -1 })],
    ['2^32 in 32 bits', () => encodeLink('ping', { nonce: 2 ** 32 })],
    ['2^53', () => encodeLink('taken', { sequence: 2 ** 53 })],
    ['not a number', () => encodeLink('taken', { sequence: Number.NaN })],
    ['an unknown name of an enumeration', () => encodeLink('goodbye', { reason: 'toString' as never })],
    ['a short binary', () => encodePeer('peerStored', { uuids: [new Uint8Array(15)] })],
    ['request id 0', () => encodeRequest(0, 'daemon.stop', {})],
    ['a short idempotency key', () => encodeRequest(1, 'daemon.stop', {}, { idempotencyKey: new Uint8Array(3) })],
    ['an unknown message', () => encodeLink('constructor' as never, {} as never)],
    ['too many items', () => encodePeer('peerStored', { uuids: new Array(257).fill(new Uint8Array(16)) })],
    ['a signal without its field', () => encodeSignal('register', {} as never)],
  ];

  it.each(values)('refuse %s as invalidArgument', (_, action) => {
    expect(codeOf(action)).toBe('invalidArgument');
  });

  it('leave nothing of a refused message in the next one', () => {
    expect(codeOf(() => encodeLink('refused', { code: 'internal', text: 7 as never }))).toBe('invalidArgument');
    expect(toHex(encodeLink('ping', { nonce: 1 }))).toBe('9206810101');
  });

  it('give each message bytes of its own', () => {
    const first = encodeLink('ping', { nonce: 1 });
    encodeLink('ping', { nonce: 2 });
    expect(toHex(first)).toBe('9206810101');
  });

  it('write fields that are undefined as left out', () => {
    const event = { messageId: 1, peerId: 'b', state: 'failed', confirmed: false, reason: undefined } as const;
    expect(decodeShim(encodeEvent(1, 'message.changed', event))).toMatchObject({ value: { state: 'failed' } });
  });

  it('mend and cut an error text instead of losing the answer', () => {
    for (const text of ['€'.repeat(5000), '😀'.repeat(5000), 'half \ud800 and nul \0']) {
      const response = decodeShim(encodeErrorResponse(1, 'internal', text));
      expect(response).toMatchObject({ kind: 'response', ok: false, code: 'internal' });
    }
    expect(decodeShim(encodeErrorResponse(1, 'internal', 'half \ud800'))).toMatchObject({ text: 'half \ufffd' });
  });
});

describe('errors', () => {
  it('carry the request id where the sender can be answered', () => {
    const unknown = Uint8Array.from([0x96, 0x10, 0x2a, 0x01, 0x80, 0x00, 0xc0]);
    const wrong = Uint8Array.from([0x96, 0x10, 0x2a, 0xcd, 0x04, 0x01, 0x80, 0x00, 0xc0]);
    for (const bytes of [unknown, wrong]) {
      expect(() => decodeShim(bytes)).toThrow(expect.objectContaining({ requestId: 42 }));
    }
    expect(() => decodeShim(wrong)).toThrow('message.send params misses peerId (tag 1)');
  });

  it('do not quote what a foreign message holds', () => {
    expect(JSON.stringify(checkSignal('{"type":"register","id":["secret"]}'))).not.toContain('secret');
    expect(JSON.stringify(checkSignal('{"secret'))).not.toContain('secret');
  });
});

describe('decoded messages', () => {
  it('hold no part of the received buffer', () => {
    const bytes = Buffer.from(encodePeer('peerStored', { uuids: [new Uint8Array(16).fill(7)] }));
    const { value } = decodePeer(bytes);
    bytes.fill(0);
    expect(value).toEqual({ uuids: [new Uint8Array(16).fill(7)] });
  });

  it('keep a byte order mark in a text', () => {
    const text = `\ufeff${'x'.repeat(40)}`;
    expect(decodeShim(encodeLink('refused', { code: 'internal', text }))).toMatchObject({ value: { text } });
  });

  it('tell a result apart from the next request of the same name only by its name', () => {
    const response = decodeShim(encodeResponse(5, 'message.send', { messageId: 3 }));
    if (response.kind !== 'response' || !response.ok) throw new Error('not the response');
    expect(decodeResult('message.send', response.packedResult)).toEqual({ messageId: 3 });
    expect(codeOf(() => decodeResult('peers.list', response.packedResult))).toBe('malformed');
  });
});

describe('the peer hello text', () => {
  const fields = {
    signerPhoneId: 'ada',
    verifierPhoneId: 'bób',
    signerFingerprint: new Array(32).fill('AB').join(':'),
    verifierFingerprint: new Array(32).fill('01').join(':'),
    connection: 'c1',
  };

  it('is each field behind its length in two bytes', () => {
    const part = (text: string) => {
      const bytes = Buffer.from(text);
      return bytes.length.toString(16).padStart(4, '0') + bytes.toString('hex');
    };
    const { signerFingerprint, verifierFingerprint } = fields;
    const expected = ['mosis-peer-hello-v1', 'ada', 'bób', signerFingerprint, verifierFingerprint, 'c1']
      .map(part)
      .join('');
    expect(toHex(peerHelloText(fields))).toBe(expected);
  });

  it('differs when the roles are swapped', () => {
    const swapped = {
      ...fields,
      signerFingerprint: fields.verifierFingerprint,
      verifierFingerprint: fields.signerFingerprint,
    };
    expect(toHex(peerHelloText(swapped))).not.toBe(toHex(peerHelloText(fields)));
  });

  it.each(['ab:cd', fields.signerFingerprint.toLowerCase(), `${fields.signerFingerprint}:00`])(
    'refuses the fingerprint %s',
    (bad) => {
      expect(() => peerHelloText({ ...fields, signerFingerprint: bad })).toThrow(RangeError);
    },
  );
});

describe('UTF-8', () => {
  it('is measured and written as Node does it', () => {
    for (const text of ['', 'a', 'é€😀', '\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}']) {
      expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
      expect(toHex(toUtf8(text))).toBe(Buffer.from(text).toString('hex'));
    }
  });

  it('is checked in long texts as in short ones', () => {
    for (const bad of ['\0', '\ud800', '\udc00a']) {
      const text = `${'x'.repeat(300)}${bad}${'x'.repeat(300)}`;
      expect(utf8Bytes(text)).toBe(-1);
      expect(utf8Bytes(text.repeat(300))).toBe(-1);
    }
    expect(utf8Bytes('€'.repeat(65_536))).toBe(3 * 65_536);
    expect(utf8Bytes('€'.repeat(65_537))).toBe(3 * 65_537);
    for (const bad of [[0x00], [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
      const filler = new Array(300).fill(0x61);
      const bytes = Uint8Array.from([...filler, ...bad, ...filler]);
      expect([bad, isText(bytes, 0, bytes.length)]).toEqual([bad, false]);
      expect(isText(bytes, 0, 300)).toBe(true);
    }
  });

  it.each(['\0', '\ud800', '\udc00', 'a\ud800a', '\ud800\ud800\udc00'])('has no form of %j', (text) => {
    expect(utf8Bytes(text)).toBe(-1);
    expect(() => toUtf8(text)).toThrow(RangeError);
  });
});
