// `npm run generate` writes every generated file; with `--check` it writes nothing and ends 1 when one differs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emitCHeader } from './emit/cHeader.ts';
import { emitLimits, emitMessagesHeader, emitMessagesSource, emitPeerHeader, emitResults } from './emit/cpp.ts';
import { emitCppTest } from './emit/cppTest.ts';
import { emitCSharp, emitCSharpTest } from './emit/csharp.ts';
import { emitLua, emitLuaTest } from './emit/lua.ts';
import { emitMarkdown } from './emit/markdown.ts';
import { emitStateMachines } from './emit/stateMachines.ts';
import { emitVectors } from './emit/vectors.ts';
import { machines } from './machines.ts';
import type { Model } from './model.ts';
import { readSchema } from './read.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Path from the root → content. */
function emitAll(): Map<string, string> {
  const json = `${JSON.stringify(readSchema(), null, 1)}\n`;
  // Emitters get what a stranger would get: the parsed model.json.
  const model = JSON.parse(json) as Model;
  return new Map([
    ['proto/generated/model.json', json],
    ['proto/generated/protocol.md', emitMarkdown(model)],
    ['proto/STATE-MACHINES.md', emitStateMachines(machines)],
    ['bindings/native/include/mosis/mosis_types.h', emitCHeader(model)],
    ['bindings/native/src/protocol/limits.gen.h', emitLimits(model)],
    ['bindings/native/src/protocol/messages.gen.h', emitMessagesHeader(model)],
    ['bindings/native/src/protocol/messages.gen.cc', emitMessagesSource(model)],
    ['bindings/native/src/api/results.gen.cc', emitResults(model)],
    ['bindings/csharp/src/Protocol/Messages.g.cs', emitCSharp(model)],
    ['test/protocol/generated/WireMessages.g.cs', emitCSharpTest(model)],
    ['bindings/lua/mosis/schema.lua', emitLua(model)],
    ['test/protocol/generated/wire.lua', emitLuaTest(model)],
    ...emitVectors(model).map(([name, text]): [string, string] => [`proto/generated/vectors/${name}`, text]),
    ['test/protocol/generated/json.gen.h', emitCppTest(model)],
    ['test/protocol/generated/peer.gen.h', emitPeerHeader(model)],
  ]);
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function run(checkOnly: boolean): number {
  const different: string[] = [];
  const files = emitAll();
  for (const [name, content] of files) {
    const path = join(root, name);
    if (readOrNothing(path) === content) continue;
    different.push(name);
    if (checkOnly) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const verb = checkOnly ? 'differs from the schema; run `npm run generate`' : 'written';
  for (const name of different) console.log(`${relative('.', join(root, name))}: ${verb}`);
  console.log(`${files.size} generated files, ${different.length} ${checkOnly ? 'out of date' : 'changed'}`);
  return checkOnly && different.length > 0 ? 1 : 0;
}

process.exitCode = run(process.argv.includes('--check'));
