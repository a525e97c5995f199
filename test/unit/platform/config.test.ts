import path from 'node:path';
import { expect, test } from '@jest/globals';
import { defaultConfig, parseConfig, readConfig } from '../../../daemon/platform/config.ts';
import { temporaryFolders } from '../../support/temporaryFolders.ts';

const newFolder = temporaryFolders();

test('no file means defaults and no warning', () => {
  expect(readConfig(path.join(newFolder(), 'config.json'))).toEqual({ config: defaultConfig, warnings: [] });
});

test('every key is taken over', () => {
  const wanted = {
    iceServers: [
      { urls: 'turn:turn.example:3478?transport=udp', username: 'u', credential: 'c' },
      { urls: 'stun:s:1' },
    ],
    idleExitSeconds: 5,
    peerIdleSeconds: 60,
    bindAddress: '127.0.0.1',
    logLevel: 'debug',
  };
  expect(parseConfig(JSON.stringify(wanted), 'config.json')).toEqual({ config: wanted, warnings: [] });
});

test('an unknown key is warned of and the rest is used', () => {
  const { config, warnings } = parseConfig('{"idleExitSecond": 5, "peerIdleSeconds": 9}', 'c.json');
  expect(config.peerIdleSeconds).toBe(9);
  expect(warnings).toEqual([expect.stringMatching(/^c\.json: unknown key "idleExitSecond"; known are iceServers/)]);
});

test.each([
  ['idleExitSeconds', 0],
  ['idleExitSeconds', '30'],
  ['peerIdleSeconds', 1.5],
  ['bindAddress', 'eth0'],
  ['logLevel', 'loud'],
  ['iceServers', {}],
  ['iceServers', [{ urls: 'http://x' }]],
  ['iceServers', [{ urls: 'stun:a:1', password: 'p' }]],
  ['iceServers', [{ urls: 'turn:a:1', username: 5 }]],
])('a wrong %s (%j) is warned of and the default used', (key, value) => {
  const { config, warnings } = parseConfig(JSON.stringify({ [key]: value }), 'c.json');
  expect(config).toEqual(defaultConfig);
  expect(warnings).toEqual([expect.stringContaining(`"${key}" must be `)]);
});

test.each(['{', '[]', '"text"', 'null'])('%s is no configuration: defaults and one warning', (text) => {
  const { config, warnings } = parseConfig(text, 'c.json');
  expect(config).toEqual(defaultConfig);
  expect(warnings).toHaveLength(1);
});

test('keys of Object are unknown keys like any other', () => {
  expect(parseConfig('{"constructor": 1, "__proto__": 2}', 'c.json').warnings).toHaveLength(2);
});
