import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { type Endpoint, readEndpoint, removeEndpoint, writeEndpoint } from '../../../daemon/platform/endpointFile.ts';
import { temporaryFolders } from '../../support/temporaryFolders.ts';

const newFolder = temporaryFolders();
const endpoint: Endpoint = {
  version: 1,
  pid: 4711,
  daemonVersion: '0.1.0',
  protocolMin: 1,
  protocolMax: 1,
  endpoints: ['ipc:///run/control.sock'],
  token: 'secret',
};

test('what is written is read again, from a private file, and nothing else lies beside it', () => {
  const folder = newFolder();
  const file = path.join(folder, 'endpoint.json');
  fs.writeFileSync(file, 'left by a crash');
  writeEndpoint(file, endpoint);
  expect(readEndpoint(file)).toEqual(endpoint);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(fs.readdirSync(folder)).toEqual(['endpoint.json']);
});

test('no file is null, and removing it again is no error', () => {
  const file = path.join(newFolder(), 'endpoint.json');
  removeEndpoint(file);
  expect(readEndpoint(file)).toBeNull();
});

test('a file that others can read is refused', () => {
  const file = path.join(newFolder(), 'endpoint.json');
  writeEndpoint(file, endpoint);
  fs.chmodSync(file, 0o644);
  expect(() => readEndpoint(file)).toThrow(/not a private file of yours/);
});

test.each(['', '{', 'null', '{"version":2}', '{"version":1,"pid":1,"token":"t","endpoints":[]}'])(
  '%j is not what a daemon writes',
  (text) => {
    const file = path.join(newFolder(), 'endpoint.json');
    fs.writeFileSync(file, text, { mode: 0o600 });
    expect(() => readEndpoint(file)).toThrow(/remove it$/);
  },
);
