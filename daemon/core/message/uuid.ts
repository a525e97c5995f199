// UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix time in ms, version, 74 random bits.

/** `random`: 10 strong random bytes. */
export function uuidV7(nowMs: number, random: Uint8Array): Uint8Array {
  const uuid = new Uint8Array(16);
  const view = new DataView(uuid.buffer);
  view.setUint16(0, Math.floor(nowMs / 2 ** 32));
  view.setUint32(2, nowMs % 2 ** 32);
  uuid.set(random.subarray(0, 10), 6);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  return uuid;
}
