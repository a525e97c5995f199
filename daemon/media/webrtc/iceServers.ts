// Translates ICE server URLs (RFC 7064, 7065) into what libdatachannel takes.
import type { IceServer } from '../../core/ports.ts';

/** The subset of node-datachannel's IceServer that we use; `relayType` marks TURN. */
export interface NativeIceServer {
  hostname: string;
  port: number;
  username?: string;
  password?: string;
  relayType?: 'TurnUdp';
}

const pattern = /^(stun|turn):(\[[0-9a-f:.]+\]|[0-9a-z._-]+)(?::(\d{1,5}))?(?:\?transport=(udp))?$/i;

/** Undefined with a reason for what the ICE library cannot do: TURN over TCP or TLS makes it give no relay candidate, silently. */
export function nativeIceServer(server: IceServer): NativeIceServer | { problem: string } {
  const match = pattern.exec(server.urls);
  if (match === null) {
    return { problem: 'not stun:host:port or turn:host:port[?transport=udp]; TURN over TCP or TLS is not supported' };
  }
  const port = Number(match[3] ?? 3478);
  if (port < 1 || port > 65_535) return { problem: 'the port is not between 1 and 65535' };
  const hostname = (match[2] ?? '').replace(/^\[|\]$/g, '');
  if (match[1]?.toLowerCase() === 'stun') return { hostname, port };
  return {
    hostname,
    port,
    username: server.username ?? '',
    password: server.credential ?? '',
    relayType: 'TurnUdp',
  };
}
