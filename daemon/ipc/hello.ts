// Decides on a hello: right token, a common protocol version, granted scopes. Pure.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { LinkValue } from '../../proto/runtime/index.ts';
import { protocolMax, protocolMin } from '../../proto/schema/shim/link.ts';
import { MosisError } from '../core/errors.ts';

export interface Agreement {
  readonly protocol: number;
  readonly scopes: readonly string[];
}

/** Everything; what a hello without scopes gets. */
export const allScope = 'all';
/** An onlooker (`mosis listen`): what it takes is not taken for the game. */
export const observeScope = 'observe';

/** Throws MosisError with the code and text for `refused`. */
export function agree(hello: LinkValue<'hello'>, token: string, daemonVersion: string): Agreement {
  if (!sameSecret(hello.token, token)) {
    throw new MosisError(
      'tokenWrong',
      'The token is not the one in endpoint.json: the file was read before this daemon started, or is from another user.',
    );
  }
  const protocol = Math.min(hello.protocolMax, protocolMax);
  if (protocol < Math.max(hello.protocolMin, protocolMin)) {
    throw new MosisError(
      'protocolMismatch',
      `The daemon ${daemonVersion} speaks protocol ${protocolMin} to ${protocolMax}, this shim ${hello.protocolMin} to ${hello.protocolMax}: update the older of the two.`,
    );
  }
  // No policy file yet: whatever is asked for is granted.
  return { protocol, scopes: hello.scopes ?? [allScope] };
}

/** In constant time, whatever the lengths. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
