import { expect, test } from '@jest/globals';
import { parseCommandLine } from '../../../daemon/cli/arguments.ts';
import { printable, table } from '../../../daemon/cli/table.ts';

test('options may stand before, between and after the words, with a space or an equals sign', () => {
  const given = ['--profile=p', 'send', '--server', 'ws://s', 'bob', 'hi', '--id=ada'];
  expect(parseCommandLine(given)).toMatchObject({
    command: 'send',
    profile: 'p',
    server: 'ws://s',
    words: ['bob', 'hi'],
    id: 'ada',
  });
});

test('the text of send may begin with dashes', () => {
  expect(parseCommandLine(['send', 'bob', '--json'])).toMatchObject({ words: ['bob', '--json'], json: false });
});

test('no command is help; unknown options and missing values are errors with the usage', () => {
  expect(parseCommandLine([]).command).toBe('help');
  expect(() => parseCommandLine(['status', '--jsn'])).toThrow(/Unknown option --jsn\.\nmosis COMMAND/);
  expect(() => parseCommandLine(['status', '--profile'])).toThrow(/--profile needs a value/);
});

test('columns are as wide as their widest cell', () => {
  expect(
    table(
      ['id', 'name'],
      [
        [1, 'a'],
        [20, 'long'],
      ],
    ),
  ).toBe('ID  NAME\n1   a\n20  long\n');
});

test('names of strangers cannot steer the terminal', () => {
  expect(printable('a\u001b[2Jb\u202ec\nd')).toBe('a·[2Jb·c·d');
});
