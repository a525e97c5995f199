// Checks and small rewrites of session descriptions as text (RFC 8866); libdatachannel does the real parsing.
const maxSdpBytes = 65_536;
const maxLines = 1_000;
const maxLineLength = 4_096;
const maxSections = 16;

export type CheckedSdp =
  | {
      /** Without its candidates. */
      readonly sdp: string;
      readonly candidates: readonly string[];
      readonly firstMid: string;
      /** actpass, active or passive (RFC 4145), of the first that says so. */
      readonly setup: string;
      readonly problem?: never;
    }
  | { readonly problem: string };

/**
 * Bounds a foreign description before native code reads it. Its candidates are taken out, to be checked and counted like those
 * that come one by one; line ends become CRLF; the rest stays as it is.
 */
export function checkDescription(sdp: string): CheckedSdp {
  if (sdp.length > maxSdpBytes) return { problem: `longer than ${maxSdpBytes} characters` };
  const lines = sdp.split(/\r\n|\n|\r/);
  while (lines.at(-1) === '') lines.pop();
  if (lines[0] !== 'v=0') return { problem: 'does not begin with v=0' };
  if (lines.length > maxLines) return { problem: `more than ${maxLines} lines` };
  if (lines.some((line) => line.length > maxLineLength)) return { problem: `a line longer than ${maxLineLength}` };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not come in
  if (lines.some((line) => /[\u0000-\u0008\u000a-\u001f\u007f]/.test(line))) return { problem: 'control characters' };
  const sections = lines.filter((line) => line.startsWith('m=')).length;
  if (sections === 0) return { problem: 'no m-line' };
  if (sections > maxSections) return { problem: `more than ${maxSections} m-lines` };
  const isCandidate = (line: string): boolean => line.startsWith('a=candidate:');
  return {
    sdp: `${lines.filter((line) => !isCandidate(line) && line !== 'a=end-of-candidates').join('\r\n')}\r\n`,
    candidates: lines.filter(isCandidate),
    firstMid: /^a=mid:(\S+)/m.exec(sdp)?.[1] ?? '0',
    setup: /^a=setup:(\w+)/m.exec(sdp)?.[1] ?? 'actpass',
  };
}

/** Turns every audio and video section of an answer off: libdatachannel would answer a browser's camera with its own direction. */
export function answerWithoutMedia(sdp: string): string {
  return sdp
    .split(/(?=^m=)/m)
    .map((section) =>
      /^m=(audio|video)/.test(section) ? section.replace(/^a=(sendrecv|sendonly|recvonly)/gm, 'a=inactive') : section,
    )
    .join('');
}

/** The sha-256 fingerprint of a description, upper-case hex with colons; empty when it has none (RFC 8122). */
export function fingerprintOf(sdp: string): string {
  return (/^a=fingerprint:sha-256 ([0-9A-Fa-f:]+)/m.exec(sdp)?.[1] ?? '').toUpperCase();
}
