// Checks an ICE candidate line of a peer (RFC 8839, 5.1) before native code acts on it.
import { isIP } from 'node:net';

const maxLength = 1_024;

/**
 * The candidate without `a=`, or undefined for what is to be ignored: the end-of-candidates forms, anything malformed, and
 * host names other than mDNS ones. A peer that could name any host would have us ask the DNS, and knock, wherever it likes;
 * `.local` names are what browsers send in place of private addresses (RFC 8828).
 */
export function checkCandidate(line: string): string | undefined {
  if (line.length > maxLength) return undefined;
  const candidate = line.trim().replace(/^a=/, '');
  if (!/^candidate:[\x21-\x7e]+( [\x21-\x7e]*)+$/.test(candidate)) return undefined;
  const [, component, , priority, address, port] = candidate.split(' ');
  if (!isCount(component, 256) || !isCount(priority, 0xffff_ffff) || !isCount(port, 65_535)) return undefined;
  if (address === undefined) return undefined;
  const reachable = isIP(address) !== 0 || /^[0-9a-z-]{1,63}\.local$/i.test(address);
  return reachable ? candidate : undefined;
}

const isCount = (text: string | undefined, max: number): boolean =>
  text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= max;
