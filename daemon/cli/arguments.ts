// What stands behind `mosis`: the command, its words, its options.
import { MosisError } from '../core/errors.ts';

export interface CliArguments {
  readonly command: string;
  readonly words: readonly string[];
  readonly profile: string | undefined;
  readonly server: string | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly json: boolean;
  /** Start a daemon when none runs. */
  readonly start: boolean;
}

const valueOptions = ['--profile', '--server', '--id', '--name'] as const;
const flagOptions = ['--json', '--start'] as const;

export const usage = `mosis COMMAND [--profile P]
  status [--json]        what the daemon does
  doctor                 what is wrong, and what to do
  start                  start the daemon
  stop                   stop it in an orderly way
  peers                  who is there
  send PEER TEXT         send a text and wait until it is delivered
  listen                 print messages as they come; Ctrl+C ends
For peers, send and listen, --server URL --id ID --name NAME select the line (default: the only one).
--start starts the daemon first when none runs.
`;

/** Throws invalidArgument with the usage. */
export function parseCommandLine(given: readonly string[]): CliArguments {
  const words: string[] = [];
  const values = new Map<string, string>();
  const flags = new Set<string>();
  for (let index = 0; index < given.length; index += 1) {
    const [option = '', inline] = splitOption(given[index] ?? '');
    if (!option.startsWith('--') || (words[0] === 'send' && words.length === 2)) words.push(given[index] ?? '');
    else if (isOneOf(flagOptions, option)) flags.add(option);
    else if (isOneOf(valueOptions, option)) values.set(option, inline ?? given[++index] ?? missing(option));
    else throw new MosisError('invalidArgument', `Unknown option ${option}.\n${usage}`);
  }
  const [command = 'help', ...rest] = words;
  return {
    command,
    words: rest,
    profile: values.get('--profile'),
    server: values.get('--server'),
    id: values.get('--id'),
    name: values.get('--name'),
    json: flags.has('--json'),
    start: flags.has('--start'),
  };
}

/** `--name=value` or `--name`. */
function splitOption(argument: string): [string, string?] {
  const equals = argument.indexOf('=');
  return argument.startsWith('--') && equals > 0 ? [argument.slice(0, equals), argument.slice(equals + 1)] : [argument];
}

function isOneOf(options: readonly string[], option: string): boolean {
  return options.includes(option);
}

function missing(option: string): never {
  throw new MosisError('invalidArgument', `${option} needs a value.\n${usage}`);
}
