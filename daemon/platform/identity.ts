// The profile's Ed25519 key behind the port `Identity`. The secret half stays in this closure and in the key store.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { Identity } from '../core/ports.ts';

/** Where the secret lies; daemon/store implements it. */
export interface KeyStore {
  /** 32-byte Ed25519 seed (RFC 8032), or null at first start. */
  profileKey(): Uint8Array | null;
  /** Durable. */
  saveProfileKey(seed: Uint8Array): void;
}

/** RFC 8410: everything of the DER form that comes before the 32 bytes of the key. */
const privateKeyPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicKeyPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const keyBytes = 32;
const signatureBytes = 64;

/** Reads the profile's key, or makes it at first start. Throws what the store throws. */
export function openIdentity(keys: KeyStore): Identity {
  const privateKey = importPrivateKey(keys.profileKey() ?? makeSeed(keys));
  const publicKey = new Uint8Array(
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-keyBytes),
  );
  return {
    publicKey,
    sign: (data) => new Uint8Array(sign(null, data, privateKey)),
    verify: verifySignature,
    fingerprint,
  };
}

function makeSeed(keys: KeyStore): Uint8Array {
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' });
  const seed = new Uint8Array(made.subarray(-keyBytes));
  keys.saveProfileKey(seed);
  return seed;
}

function importPrivateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privateKeyPrefix, seed]), format: 'der', type: 'pkcs8' });
}

/** False for anything that is no valid signature, malformed keys included: both come from strangers. */
function verifySignature(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== keyBytes || signature.length !== signatureBytes) return false;
  const key = createPublicKey({ key: Buffer.concat([publicKeyPrefix, publicKey]), format: 'der', type: 'spki' });
  return verify(null, data, key, signature);
}

/** For people: SHA-256 of a public key, hex in groups of four. */
export function fingerprint(publicKey: Uint8Array): string {
  const hex = createHash('sha256').update(publicKey).digest('hex');
  return (hex.match(/.{4}/g) ?? []).join(' ');
}
