// Finds the daemon of a profile and opens a session with it. Starts none.
import process from 'node:process';
import { MosisError } from '../core/errors.ts';
import type { ShimClient, ShimClientOptions } from '../ipc/shimClient.ts';
import { type Endpoint, readEndpoint } from '../platform/endpointFile.ts';
import { checkPrivateFolder, type Paths } from '../platform/paths.ts';

export type OpenSession = Awaited<ReturnType<typeof ShimClient.open>>;

/** Null when no daemon runs. Throws MosisError unsafeFolder, or an Error that names a bad endpoint.json. */
export function findEndpoint(paths: Paths): Endpoint | null {
  const endpoint = readEndpoint(paths.endpointFile);
  // Only a folder that is ours alone makes the file worth believing.
  if (endpoint) checkPrivateFolder(paths.runtimeFolder);
  return endpoint;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Throws MosisError daemonNotFound, or what ShimClient.open throws. */
export async function openSession(
  paths: Paths,
  options: Omit<ShimClientOptions, 'endpoint' | 'curveServerKey' | 'token' | 'app'> = {},
): Promise<OpenSession> {
  const endpoint = findEndpoint(paths);
  if (!endpoint || !isAlive(endpoint.pid)) {
    throw new MosisError(
      'daemonNotFound',
      `No daemon of the profile "${paths.profile}" runs: start one with "mosis start".`,
    );
  }
  // The doctor must run where zeromq cannot be loaded.
  const { ShimClient } = await import('../ipc/shimClient.ts');
  return await ShimClient.open({
    ...options,
    endpoint: endpoint.endpoints[0] ?? '',
    curveServerKey: endpoint.curveServerKey,
    token: endpoint.token,
    app: 'mosis',
  });
}

/** Runs `work` with a session of its own and closes it. */
export async function withSession<T>(paths: Paths, work: (client: ShimClient) => Promise<T>): Promise<T> {
  const { client } = await openSession(paths);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
