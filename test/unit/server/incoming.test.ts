import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { signals } from '../../../proto/schema/signalling/index.ts';
import { read } from '../../../server/signalling/incoming.ts';

type Example = Readonly<Record<string, unknown>>;
const examples = (direction: string): [name: string, example: Example][] =>
  Object.values(signals)
    .filter((signal) => signal.direction === direction)
    .map(({ name, example }) => [name, example as Example]);

describe('read', () => {
  test.each(examples('both'))('forwards the example of %s', (name, example) => {
    const message = { type: name, ...example };
    expect(read(JSON.stringify(message))).toEqual({ kind: 'relay', type: name, to: example.to, message });
  });

  test.each(examples('toClient'))('takes no %s from a client', (name, example) => {
    const json = JSON.stringify({ type: name, to: 'bob', ...example });
    expect(read(json)).toMatchObject({ kind: 'bad', request: name });
  });

  test('is not led astray by keys that mean something to JavaScript', () => {
    const json = '{"type":"call_end","to":"bob","__proto__":{"from":"eve"},"constructor":1,"toString":2}';
    const found = read(json);
    expect(found.kind).toBe('relay');
    if (found.kind === 'relay') expect(JSON.parse(JSON.stringify(found.message))).toEqual(JSON.parse(json));
    expect(read('{"type":"__proto__"}')).toEqual({ kind: 'unknown', type: '__proto__' });
    expect(read('{"type":"constructor","to":"bob"}')).toMatchObject({ kind: 'relay', type: 'constructor' });
  });

  test('never throws, whatever comes', () => {
    const type = fc.constantFrom(...Object.keys(signals), 'weather', '');
    const field = fc.constantFrom('id', 'name', 'to', 'from', 'sdp', 'candidate', 'video', 'reason', 'mosis', 'list');
    const message = fc
      .dictionary(field, fc.jsonValue())
      .chain((fields) => type.map((name) => ({ ...fields, type: name })));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          message.map((value) => JSON.stringify(value)),
        ),
        (json) => {
          const found = read(json);
          if (found.kind === 'relay') expect(JSON.parse(json)).toEqual(found.message);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('repeats nothing of a bad message', () => {
    const secret = 'correct horse battery staple';
    for (const json of [secret, `{"type":"offer","to":"bob","sdp":{"${secret}":1}}`, `["${secret}"]`]) {
      expect(JSON.stringify(read(json))).not.toContain(secret);
    }
  });
});
