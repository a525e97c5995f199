import { expect, test } from '@jest/globals';
import { type KeyStore, openIdentity } from '../../../daemon/platform/identity.ts';

function memoryKeys(): KeyStore {
  let kept: Uint8Array | null = null;
  return {
    profileKey: () => kept,
    saveProfileKey: (seed) => {
      kept = seed;
    },
  };
}

const data = new TextEncoder().encode('signed');

test('the key is made once and the same after a restart', () => {
  const keys = memoryKeys();
  const first = openIdentity(keys);
  expect(keys.profileKey()).toHaveLength(32);
  expect(openIdentity(keys).publicKey).toEqual(first.publicKey);
});

test('a signature verifies with the public key and with no other', () => {
  const ada = openIdentity(memoryKeys());
  const bob = openIdentity(memoryKeys());
  const signature = ada.sign(data);
  expect(bob.verify(ada.publicKey, data, signature)).toBe(true);
  expect(bob.verify(bob.publicKey, data, signature)).toBe(false);
  expect(bob.verify(ada.publicKey, new Uint8Array([...data, 0]), signature)).toBe(false);
});

test('malformed keys and signatures verify as false', () => {
  const ada = openIdentity(memoryKeys());
  const signature = ada.sign(data);
  expect(ada.verify(ada.publicKey.subarray(1), data, signature)).toBe(false);
  expect(ada.verify(ada.publicKey, data, signature.subarray(1))).toBe(false);
  expect(ada.verify(new Uint8Array(32).fill(255), data, signature)).toBe(false);
});

test('the seed of RFC 8032 test 1 gives its public key and signature', () => {
  const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
  const identity = openIdentity({ profileKey: () => seed, saveProfileKey: () => {} });
  expect(Buffer.from(identity.publicKey).toString('hex')).toBe(
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  );
  expect(Buffer.from(identity.sign(new Uint8Array())).toString('hex')).toBe(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
});

test('a fingerprint is SHA-256 in groups of four', () => {
  const identity = openIdentity(memoryKeys());
  expect(identity.fingerprint(new Uint8Array())).toMatch(/^e3b0 c442 98fc 1c14( [0-9a-f]{4}){12}$/);
});
