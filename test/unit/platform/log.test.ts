import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { openLogs } from '../../../daemon/platform/log.ts';
import { temporaryFolders } from '../../support/temporaryFolders.ts';

const newFolder = temporaryFolders();
const now = () => 1_795_500_000_000;

function lines(folder: string, name = 'mosisd.log'): Record<string, unknown>[] {
  const text = fs.readFileSync(path.join(folder, name), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('a line holds time, level, logger, message and fields', () => {
  const folder = newFolder();
  const logs = openLogs({ folder, level: 'info', now });
  logs.logger('mosis:line').info('state', { lineId: 1, state: 'online' });
  logs.close();
  expect(lines(folder)).toEqual([
    {
      time: '2026-11-24T06:00:00.000Z',
      level: 'info',
      logger: 'mosis:line',
      message: 'state',
      lineId: 1,
      state: 'online',
    },
  ]);
});

test('levels below the threshold are left out', () => {
  const folder = newFolder();
  const log = openLogs({ folder, level: 'warn', now }).logger('mosis:x');
  log.debug('d');
  log.info('i');
  log.warn('w');
  log.error('e');
  expect(lines(folder).map((line) => line.message)).toEqual(['w', 'e']);
});

test('the file is private and rotates by size, keeping three', () => {
  const folder = newFolder();
  const log = openLogs({ folder, level: 'info', now, maxFileBytes: 400 }).logger('mosis:x');
  for (let index = 0; index < 30; index += 1) log.info(`line ${index} ${'.'.repeat(60)}`);
  expect(fs.readdirSync(folder).sort()).toEqual(['mosisd.log', 'mosisd.log.1', 'mosisd.log.2']);
  for (const name of fs.readdirSync(folder)) {
    const { size, mode } = fs.statSync(path.join(folder, name));
    expect(size).toBeLessThanOrEqual(400);
    expect(mode & 0o777).toBe(0o600);
  }
  expect(String(lines(folder).at(-1)?.message)).toMatch(/^line 29/);
});

test('a folder that takes no lines costs nothing but the lines, and tells how many afterwards', () => {
  const folder = path.join(newFolder(), 'missing');
  const log = openLogs({ folder, level: 'info', now }).logger('mosis:x');
  log.error('lost');
  log.error('lost too');
  fs.mkdirSync(folder);
  log.info('kept');
  expect(lines(folder)).toMatchObject([{ message: 'lines could not be written', lines: 2 }, { message: 'kept' }]);
});

test('fields that are no JSON are made readable and never throw', () => {
  const folder = newFolder();
  const log = openLogs({ folder, level: 'info', now }).logger('mosis:x');
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  log.info('circle', { circle });
  log.info('kinds', { bytes: new Uint8Array([1, 255]), big: 5n, failure: new TypeError('no') });
  expect(lines(folder)).toMatchObject([{ message: 'circle' }, { bytes: '01ff', big: '5', failure: { error: 'no' } }]);
});

test('a terminal gets each line readable', () => {
  const shown: string[] = [];
  const logs = openLogs({ folder: newFolder(), level: 'info', now, terminal: (line) => shown.push(line) });
  logs.logger('mosis:x').warn('careful', { peer: 'bob' });
  expect(shown).toEqual(['06:00:00.000 warn  mosis:x          careful {"peer":"bob"}\n']);
});
