import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import {
  checkPrivateFolder,
  openFolders,
  openPrivateFolder,
  pathsFor,
  profileFrom,
} from '../../../daemon/platform/paths.ts';
import { temporaryFolders } from '../../support/temporaryFolders.ts';

const newFolder = temporaryFolders();

describe('pathsFor', () => {
  test('MOSIS_RUNTIME_DIR and MOSIS_DATA_DIR come before everything else', () => {
    const paths = pathsFor('ada', {
      MOSIS_RUNTIME_DIR: '/r',
      MOSIS_DATA_DIR: '/d',
      XDG_RUNTIME_DIR: '/x',
      XDG_DATA_HOME: '/y',
    });
    expect(paths.socketFile).toBe('/r/ada/v1/control.sock');
    expect(paths.databaseFile).toBe('/d/ada/phone.db');
  });

  test('the XDG folders hold a folder named mosis', () => {
    const paths = pathsFor('default', { XDG_RUNTIME_DIR: '/run/user/7', XDG_DATA_HOME: '/home/u/data' });
    expect(paths.runtimeFolder).toBe('/run/user/7/mosis/default/v1');
    expect(paths.dataFolder).toBe('/home/u/data/mosis/default');
  });

  test('without XDG folders it is /tmp/mosis-UID and ~/.local/share; relative XDG values are ignored', () => {
    const paths = pathsFor('default', { HOME: '/home/u', XDG_RUNTIME_DIR: 'relative', XDG_DATA_HOME: '' });
    expect(paths.runtimeFolder).toBe(`/tmp/mosis-${process.geteuid?.()}/default/v1`);
    expect(paths.dataFolder).toBe('/home/u/.local/share/mosis/default');
  });

  test('a socket path that no socket can have is refused with what to do', () => {
    expect(() => pathsFor('default', { MOSIS_RUNTIME_DIR: `/${'x'.repeat(100)}`, HOME: '/h' })).toThrow(
      /XDG_RUNTIME_DIR/,
    );
  });

  test.each(['', 'A', '../x', 'a b', 'x'.repeat(33)])('"%s" is no profile name', (name) => {
    expect(() => pathsFor(name, { HOME: '/h' })).toThrow(/profile name/);
  });

  test('the profile is the given one, then MOSIS_PROFILE, then default', () => {
    expect(profileFrom('a', { MOSIS_PROFILE: 'b' })).toBe('a');
    expect(profileFrom(undefined, { MOSIS_PROFILE: 'b' })).toBe('b');
    expect(profileFrom(undefined, {})).toBe('default');
  });
});

describe('private folders', () => {
  test('every missing level is made with mode 0700', () => {
    const base = path.join(newFolder(), 'deep');
    const paths = pathsFor('default', {
      MOSIS_RUNTIME_DIR: path.join(base, 'run'),
      MOSIS_DATA_DIR: path.join(base, 'data'),
    });
    openFolders(paths);
    for (const folder of paths.privateFolders) expect(fs.lstatSync(folder).mode & 0o777).toBe(0o700);
  });

  test('a world-writable folder is unsafe, and the text names it and the remedy', () => {
    const folder = newFolder();
    fs.chmodSync(folder, 0o777);
    expect(() => openPrivateFolder(folder)).toThrow(
      `The folder ${folder} is open to other users (mode 0777): run: chmod 700 ${folder}.`,
    );
  });

  test('a link to a private folder is unsafe', () => {
    const folder = newFolder();
    fs.mkdirSync(path.join(folder, 'real'), { mode: 0o700 });
    fs.symlinkSync('real', path.join(folder, 'link'));
    expect(() => openPrivateFolder(path.join(folder, 'link'))).toThrow(
      expect.objectContaining({ code: 'unsafeFolder' }),
    );
  });

  test('a file in its place is unsafe', () => {
    const file = path.join(newFolder(), 'file');
    fs.writeFileSync(file, '');
    expect(() => checkPrivateFolder(file)).toThrow(/is not a folder/);
  });

  test('a folder that cannot be made is named with the cause', () => {
    const file = path.join(newFolder(), 'file');
    fs.writeFileSync(file, '');
    expect(() => openPrivateFolder(path.join(file, 'below'))).toThrow(/cannot be made \(ENOTDIR/);
  });
});
