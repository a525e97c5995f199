import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Unpackr } from 'msgpackr';
import {
  checkSignal,
  decodePeer,
  decodePlainText,
  decodeResult,
  decodeShim,
  encodeEvent,
  encodeLink,
  encodePeer,
  encodePlainText,
  encodeRequest,
  encodeResponse,
  encodeSignal,
  type LinkName,
  ProtocolError,
} from '../../proto/runtime/index.ts';
import { scan } from '../../proto/runtime/scan.ts';
import { type PeerMessageName, peerMessages } from '../../proto/schema/peer/index.ts';
import { type EventName, events, linkMessages, type RequestName, requests } from '../../proto/schema/shim/index.ts';
import { type SignalName, signals } from '../../proto/schema/signalling/index.ts';
import { structArbitrary } from './arbitraries.ts';
import { fromHex, readVectors } from './vectors.ts';

const runs = { numRuns: 200 };
const keys = <N extends string>(messages: Record<N, unknown>) => Object.keys(messages) as N[];

describe('any value of the schema comes back as it was', () => {
  it.each(keys<LinkName>(linkMessages))('link message %s', (name) => {
    fc.assert(
      fc.property(structArbitrary(linkMessages[name].fields), (value) => {
        expect(decodeShim(encodeLink(name, value as never))).toEqual({ kind: 'link', name, value });
      }),
      runs,
    );
  });

  it.each(keys<RequestName>(requests))('request %s', (name) => {
    const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    const deadline = fc.integer({ min: 0, max: 0xffff_ffff });
    const key = fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined });
    fc.assert(
      fc.property(
        structArbitrary(requests[name].params),
        id,
        deadline,
        key,
        (params, requestId, deadlineMs, idempotencyKey) => {
          const bytes = encodeRequest(requestId, name, params as never, { deadlineMs, idempotencyKey });
          expect(decodeShim(bytes)).toEqual({ kind: 'request', requestId, name, params, deadlineMs, idempotencyKey });
        },
      ),
      runs,
    );
  });

  it.each(keys<RequestName>(requests))('result of %s', (name) => {
    fc.assert(
      fc.property(structArbitrary(requests[name].result), (result) => {
        const response = decodeShim(encodeResponse(1, name, result as never));
        if (response.kind !== 'response' || !response.ok) throw new Error('not the response');
        expect(decodeResult(name, response.packedResult)).toEqual(result);
      }),
      runs,
    );
  });

  it.each(keys<EventName>(events))('event %s', (name) => {
    fc.assert(
      fc.property(structArbitrary(events[name].fields), fc.maxSafeNat(), (value, sequence) => {
        const bytes = encodeEvent(sequence, name, value as never);
        expect(decodeShim(bytes)).toEqual({ kind: 'event', sequence, name, value });
      }),
      runs,
    );
  });

  it.each(keys<PeerMessageName>(peerMessages))('peer message %s', (name) => {
    fc.assert(
      fc.property(structArbitrary(peerMessages[name].fields), (value) => {
        expect(decodePeer(encodePeer(name, value as never))).toEqual({ name, value });
      }),
      runs,
    );
  });

  it.each(keys<SignalName>(signals))('signal %s', (name) => {
    fc.assert(
      fc.property(structArbitrary(signals[name].fields), (value) => {
        expect(checkSignal(encodeSignal(name, value as never))).toMatchObject({ name, value });
      }),
      runs,
    );
  });

  it('plain text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodePlainText(encodePlainText(text))).toBe(text);
      }),
      runs,
    );
  });
});

/** Undefined when `action` throws a ProtocolError; any other error fails the test. */
function refusedOr<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

const bare = new Unpackr({ useRecords: false, mapsAsObjects: false, int64AsType: 'bigint' });
const seeds = readVectors().map(({ hex }) => fromHex(hex));

/** A vector with some bytes changed, put in or taken out. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.nat(255)), { minLength: 1, maxLength: 4 }),
  )
  .map(([seed, changes]) => {
    const bytes = Array.from(seed);
    for (const [place, kind, byte] of changes)
      bytes.splice(place % (bytes.length + 1), Math.min(kind, 1), ...(kind < 2 ? [byte] : []));
    return Uint8Array.from(bytes);
  });
const foreign = fc.oneof(fc.uint8Array({ maxLength: 64 }), mutated);

describe('any bytes', () => {
  it('are decoded or refused by a ProtocolError, and never changed', () => {
    fc.assert(
      fc.property(foreign, (bytes) => {
        const before = Uint8Array.from(bytes);
        refusedOr(() => decodeShim(bytes));
        refusedOr(() => decodePeer(bytes));
        // msgpackr leaves a view on what it read, so only the contents are compared.
        expect([...bytes]).toEqual([...before]);
      }),
      { numRuns: 10_000 },
    );
  });

  it('that the grammar accepts are one value for msgpackr as well', () => {
    let accepted = 0;
    fc.assert(
      fc.property(foreign, (bytes) => {
        if (refusedOr(() => scan(bytes) === undefined) === undefined) return;
        accepted++;
        bare.unpack(bytes);
      }),
      { numRuns: 10_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it('that are accepted mean the same when written again', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const peer = refusedOr(() => decodePeer(bytes));
        if (peer !== undefined) expect(decodePeer(encodePeer(peer.name, peer.value as never))).toEqual(peer);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('any text', () => {
  it('is taken or refused by the signalling check, without an error thrown', () => {
    const json = fc.json().map((value) => value.replace('{', '{"type":"offer",'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), json), (text) => {
        expect(checkSignal(text)).toBeInstanceOf(Object);
      }),
      { numRuns: 5000 },
    );
  });
});
