// Bytes as lower-case hex: for ids that are compared or sent as texts.

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
