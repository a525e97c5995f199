// npm run bench [-- NAME …] [--json FILE]: runs the benchmarks, prints a table each and one line of JSON each.
import fs from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type BenchResult, isMet, table } from './result.ts';

interface Bench {
  run(): Promise<BenchResult | object>;
  table?(result: never): string;
}

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  control: () => import('./control.ts'),
  gameThread: () => import('./gameThread.ts'),
  messages: () => import('./messages.ts'),
  start: () => import('./start.ts'),
  media: () => import('./media.ts'),
  connect: () => import('./connect.ts'),
  signalling: () => import('./signalling.ts'),
};

const { values: options, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`No benchmark ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

const results: object[] = [];
let missed = 0;
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  console.log(`\n${name} …`);
  const bench = await benches[name]?.();
  if (!bench) continue;
  const result = await bench.run();
  results.push(result);
  if ('rows' in result) {
    missed += result.rows.filter((row) => isMet(row) === false).length;
    console.log(table(result));
  } else console.log(bench.table?.(result as never) ?? '');
  console.log(JSON.stringify(result));
}
if (options.json !== undefined) fs.writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
if (missed > 0) console.log(`\n${missed} targets missed on this machine in this run.`);
