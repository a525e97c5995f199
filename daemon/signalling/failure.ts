// Says why a signalling socket could not be opened or ended: an error code for programs, a sentence for people.
import type { ErrorCode } from '../core/errors.ts';

export interface Failure {
  readonly code: ErrorCode;
  /** What failed and what to check. Foreign text in it is bounded and printable. */
  readonly text: string;
}

const maxReasonLength = 200;

/** Foreign text made fit for a log line and a game's message box. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
  return line.length > maxReasonLength ? `${line.slice(0, maxReasonLength)}…` : line;
}

/** @param host `host:port` of the URL, without credentials and path */
export function connectFailure(error: Error & { code?: string }, host: string): Failure {
  const code = error.code ?? '';
  return { code: 'serverUnreachable', text: connectText(code, host) ?? `${host}: ${printable(error.message)}` };
}

function connectText(code: string, host: string): string | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing listens at ${host}: is the signalling server running, and is the port right?`;
    case 'ENOTFOUND':
      return `The name in ${host} is unknown: check the spelling.`;
    case 'EAI_AGAIN':
      return `The name in ${host} could not be looked up: is this machine online?`;
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return `There is no way through the network to ${host}: is this machine online, does a firewall block it?`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${host} broke the connection off while it was being made: is it a signalling server, ws:// or wss://?`;
    case 'CERT_HAS_EXPIRED':
      return `The TLS certificate of ${host} has expired, or the clock of this machine is wrong.`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The TLS certificate of ${host} is for another name: check the URL.`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `The TLS certificate of ${host} is not from a known authority (NODE_EXTRA_CA_CERTS adds one).`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `${host} does not speak TLS: use ws:// in place of wss://, or another port.`;
    default:
      return undefined;
  }
}

/** The server answered the upgrade with something else. @param body its beginning, may be empty */
export function httpFailure(status: number, body: string, host: string): Failure {
  const said = printable(body.startsWith('<') ? '' : body);
  const quoted = said === '' ? '' : ` It says: ${said}`;
  if (status === 429)
    return { code: 'rateLimited', text: `${host} has too many connects from here (HTTP 429).${quoted}` };
  if (status === 401 || status === 403) {
    return { code: 'serverRefused', text: `${host} does not let this phone in (HTTP ${status}).${quoted}` };
  }
  if (status === 503) return { code: 'serverRefused', text: `${host} takes nobody at the moment (HTTP 503).${quoted}` };
  const text = `${host} is no signalling server at this path (HTTP ${status}): check the URL.${quoted}`;
  return { code: 'serverUnreachable', text };
}

/** An open socket was closed with this code (RFC 6455, 7.4; 4009 is ours). */
export function closeFailure(closeCode: number, reason: string, host: string): Failure {
  const said = printable(reason);
  const quoted = said === '' ? `(close code ${closeCode})` : `(close code ${closeCode}: ${said})`;
  switch (closeCode) {
    case 1000:
    case 1001:
      return { code: 'serverUnreachable', text: `${host} said goodbye ${quoted}.` };
    case 1005:
    case 1006:
      return { code: 'serverUnreachable', text: `The connection to ${host} broke.` };
    case 1013:
      return { code: 'rateLimited', text: `${host} has too much to do ${quoted}.` };
    case 4009:
      return { code: 'takenOver', text: `The same phone id logged in elsewhere ${quoted}.` };
    default:
      return { code: 'serverRefused', text: `${host} closed the connection ${quoted}.` };
  }
}
