import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { formatDuration } from '../../../scripts/bootstrap/progress.mjs';
import { readClosingLine } from '../../../scripts/suites/closingLine.ts';
import { attributeNumber, decodeEntities, elements } from '../../../scripts/suites/xml.ts';

function logOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'mosis-log-')), 'runner.log');
  writeFileSync(path, text);
  return path;
}

describe('result files of test tools', () => {
  it('give the numbers of the first element of a name', () => {
    const xml =
      '<?xml version="1.0"?><testsuite name="x"\n\ttests="12" failures="3"><testsuite tests="1"/></testsuite>';
    expect(attributeNumber(xml, 'testsuite', 'tests')).toBe(12);
    expect(attributeNumber(xml, 'testsuite', 'failures')).toBe(3);
    expect(attributeNumber(xml, 'testsuite', 'skipped')).toBe(0);
  });

  it('give empty elements and elements with contents', () => {
    const xml = '<all><testcase name="a"/><testcase name="b"><failure>no</failure></testcase></all>';
    expect(elements(xml, 'testcase')).toEqual([
      '<testcase name="a"/>',
      '<testcase name="b"><failure>no</failure></testcase>',
    ]);
  });

  it('decode entities and leave unknown ones', () => {
    expect(decodeEntities('a &lt; b &amp;&amp; c&#xD;&#xA;&nothing;')).toBe('a < b && c\n&nothing;');
  });
});

describe('the closing line of a runner', () => {
  it('is the last one of the output', () => {
    const log = logOf(
      '{"passed":1,"failed":0,"skipped":0}\nnoise\n{"passed":4,"failed":1,"skipped":2,"failures":["x: y"]}\n',
    );
    expect(readClosingLine(log, 1)).toEqual({
      kind: 'ran',
      counts: { passed: 4, failed: 1, skipped: 2 },
      failures: ['x: y'],
    });
  });

  it('may be plain', () => {
    const counts = { passed: 7, failed: 0, skipped: 1 };
    expect(readClosingLine(logOf('1 passed, 0 failed\n7 passed, 0 failed, 1 skipped\n'), 0)).toEqual({
      kind: 'ran',
      counts,
      failures: [],
    });
  });

  it('counts a crash after the last test as one failure', () => {
    const outcome = readClosingLine(logOf('{"passed":4,"failed":0,"skipped":0}\n'), 139);
    expect(outcome).toMatchObject({ kind: 'ran', counts: { passed: 4, failed: 1 } });
  });

  it('counts a missing or cut line as one failure', () => {
    for (const text of ['Segmentation fault\n', '{"passed":4,"fai', '{"passed":"4"}\n']) {
      expect(readClosingLine(logOf(text), 0)).toMatchObject({ kind: 'ran', counts: { passed: 0, failed: 1 } });
    }
  });
});

describe('durations', () => {
  it('read as people read them', () => {
    expect([40, 59_940, 125_400].map(formatDuration)).toEqual(['0.0 s', '59.9 s', '2 min 05 s']);
  });
});
