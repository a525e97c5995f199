// The native shim's tests, through CTest; the set-up has built them.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap/paths.mjs';
import { tail, tryRun } from '../bootstrap/run.mjs';
import { nativeBuildFolder } from '../setup/nativeBuild.ts';
import { crashed, resultFolder, type Suite } from './suite.ts';
import { attributeNumber, elements } from './xml.ts';

/** Tests in test/native, built by bindings/native/CMakeLists.txt. */
export const nativeSuite: Suite = {
  name: 'native',
  async run(filter, report) {
    if (!existsSync(join(root, 'test', 'native')) || !existsSync(nativeBuildFolder)) {
      return { kind: 'notThere', path: 'test/native' };
    }
    mkdirSync(resultFolder, { recursive: true });
    const resultPath = join(resultFolder, 'native.xml');
    rmSync(resultPath, { force: true });
    const { code, logPath } = await tryRun(
      'ctest',
      [
        ...['--test-dir', nativeBuildFolder, '--output-on-failure', '--output-junit', resultPath],
        ...['--parallel', '2', '--timeout', '120'],
        ...(filter.length > 0 ? ['--tests-regex', filter.join('|')] : []),
      ],
      { log: 'test-native', onLine: report },
    );
    if (code === 127) {
      return { kind: 'toolMissing', text: 'no ctest on the PATH: install CMake' };
    }
    if (!existsSync(resultPath)) {
      return crashed(`ctest ended with code ${code} and left no result:\n${tail(logPath, 40)}`);
    }
    const xml = readFileSync(resultPath, 'utf8');
    const all = attributeNumber(xml, 'testsuite', 'tests');
    const failed = attributeNumber(xml, 'testsuite', 'failures');
    const skipped = attributeNumber(xml, 'testsuite', 'skipped') + attributeNumber(xml, 'testsuite', 'disabled');
    const failures = elements(xml, 'testcase')
      .filter((testcase) => testcase.includes('<failure'))
      .map((testcase) => /name="([^"]*)"/.exec(testcase)?.[1] ?? testcase);
    return {
      kind: 'ran',
      counts: { passed: all - failed - skipped, failed, skipped },
      failures: failed > 0 ? [`${failures.join('\n')}\n${tail(logPath, 60)}`] : [],
    };
  },
};
