// Keys and signatures without cryptography: whoever has the public key can sign. Enough to tell right from wrong in a test, and fast.
import type { Identity } from '../../../daemon/core/ports.ts';

/** FNV-1a over the parts, stretched to `size` bytes. */
function digest(size: number, ...parts: readonly Uint8Array[]): Uint8Array {
  let hash = 0x811c9dc5;
  for (const part of parts) for (const byte of part) hash = Math.imul(hash ^ byte, 0x01000193);
  return Uint8Array.from({ length: size }, (_, index) => {
    hash = Math.imul(hash ^ index ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash >>> 8) & 0xff;
  });
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

/** The same name gives the same key. */
export function simulatedIdentity(name: string): Identity {
  const publicKey = digest(32, new TextEncoder().encode(`key of ${name}`));
  return {
    publicKey,
    sign: (data) => digest(64, publicKey, data),
    verify: (key, data, signature) => sameBytes(signature, digest(64, key, data)),
    fingerprint: (key) => Array.from(key.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' '),
  };
}
