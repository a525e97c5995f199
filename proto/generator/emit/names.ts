// How one name of the schema is written in each language, and how comments are wrapped.

/** `peer.identityChanged` → `peer_identity_changed`; `PeerInfo` → `peer_info`. */
export const snake = (name: string): string =>
  name
    .replaceAll(/[. ]/g, '_')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** `peer.identityChanged` → `PEER_IDENTITY_CHANGED`. */
export const constant = (name: string): string => snake(name).toUpperCase();

/** `peer.identityChanged` → `PeerIdentityChanged`. */
export const pascal = (name: string): string =>
  name.replaceAll(/(?:^|[. _])([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `0x0481`. */
export const hexId = (id: number): string => `0x${id.toString(16).padStart(4, '0')}`;

export const generatedNotice = 'Generated from proto/schema by `npm run generate`; do not edit.';

/** Breaks a text into lines of at most `width` characters at spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** A sentence ends with a full stop, whatever the schema wrote. */
export const sentence = (text: string): string => (/[.!?:]$/.test(text) ? text : `${text}.`);
