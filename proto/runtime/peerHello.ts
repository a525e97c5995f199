// What a peer hello signs; STANDARD.md “peer hello”.
import { toUtf8 } from './text.ts';

export interface PeerHelloSignature {
  /** Phone id of the side that signs. */
  readonly signerPhoneId: string;
  /** Phone id of the side that verifies. */
  readonly verifierPhoneId: string;
  /** SHA-256 of the signer's DTLS certificate as in SDP: upper-case hex pairs with colons, 95 characters. */
  readonly signerFingerprint: string;
  /** The verifier's, in the same form. */
  readonly verifierFingerprint: string;
  /** `mosis.connection` of the offer. */
  readonly connection: string;
}

const context = 'mosis-peer-hello-v1';
const fingerprintForm = /^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/;

/** True for what `peerHelloText` takes as a fingerprint. A peer may use another hash than SHA-256: then no hello is possible. */
export const isFingerprint = (text: string): boolean => fingerprintForm.test(text);

/**
 * The bytes that Ed25519 signs: each field as a 16-bit big-endian length and its UTF-8. Lengths, so that no two sets of fields give the
 * same bytes; the roles, so that a signature cannot be sent back to its maker.
 * @throws RangeError for a fingerprint of another form, or a field above 65535 bytes
 */
export function peerHelloText(fields: PeerHelloSignature): Uint8Array {
  for (const fingerprint of [fields.signerFingerprint, fields.verifierFingerprint]) {
    if (!isFingerprint(fingerprint))
      throw new RangeError('a DTLS fingerprint is not SHA-256 in upper-case hex with colons');
  }
  const parts = [
    context,
    fields.signerPhoneId,
    fields.verifierPhoneId,
    fields.signerFingerprint,
    fields.verifierFingerprint,
    fields.connection,
  ].map(toUtf8);
  const out = new Uint8Array(parts.reduce((size, part) => size + 2 + part.length, 0));
  let at = 0;
  for (const part of parts) {
    if (part.length > 0xffff) throw new RangeError('a field has more than 65535 bytes');
    out[at++] = part.length >> 8;
    out[at++] = part.length & 0xff;
    out.set(part, at);
    at += part.length;
  }
  return out;
}
