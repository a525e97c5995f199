// Decides when candidates go: ours to the peer, the peer's to ICE. No native code, no clock of its own.
import type { CancelTimer } from '../../core/ports.ts';

/**
 * Who begins the DTLS handshake must be through ICE last: a libdatachannel that is not through yet drops the ClientHello, and the
 * next comes after 1 s. So the DTLS client keeps the host candidates of the peer to itself for a while and lets the server's checks
 * find it (libjuice answers them, and checks back 50 ms later); it begins by itself only where they do not get through.
 *
 * And an offerer tells its candidates when it has the answer, not before. libdatachannel lets ICE have the answer before it keeps
 * the fingerprint in it: checks that are under way at that moment can, on a path of less than a millisecond, bring the handshake
 * in between ("certificate verify failed": 1 % of connects on loopback, 7 % with busy processors). Behind two NATs the answerer's
 * first checks would only be lost, and repeated after 500 ms.
 *
 * Measured, answer to open channel: direct 65 ms, 1 of 480 took a second longer, none failed (before: 10 ms, 2 % took a second
 * longer, 1–7 % failed); behind two NATs at a round trip of 20 ms 200 ms (before: 670).
 */
export const clientHoldMs = 300;
/** What an offerer that is the DTLS server waits before it tells its candidates: its own checks are to arrive earlier. */
export const serverTellMs = 50;
/** Candidates of the peer taken in the life of a connection, waiting ones included. */
export const maxCandidates = 64;

export interface IceCandidate {
  readonly candidate: string;
  /** Absent: that of the first m-line. */
  readonly mid: string | undefined;
}

export interface TrickleTools {
  /** To ICE. */
  take(candidate: IceCandidate): void;
  /** To the peer. */
  tell(candidate: IceCandidate): void;
  after(delayMs: number, action: () => void): CancelTimer;
}

export class Trickle {
  readonly #tools: TrickleTools;
  /** Own ones that are not to be told yet; undefined once they flow. */
  #untold: IceCandidate[] | undefined = [];
  /** Of the peer, before its description; undefined once it is there. */
  #waiting: IceCandidate[] | undefined = [];
  /** Host candidates of the peer that a DTLS client keeps to itself. */
  #held: IceCandidate[] | undefined;
  #count = 0;
  #cancelTimers: CancelTimer[] = [];

  constructor(tools: TrickleTools) {
    this.#tools = tools;
  }

  /** ICE found one of ours. */
  found(own: IceCandidate): void {
    if (this.#untold === undefined) this.#tools.tell(own);
    else this.#untold.push(own);
  }

  /** The peer told one, checked. False when it told too many. */
  received(candidate: IceCandidate): boolean {
    if (this.#count >= maxCandidates) return false;
    this.#count += 1;
    if (this.#waiting === undefined) this.#hand(candidate);
    else this.#waiting.push(candidate);
    return true;
  }

  /** Our answer has been told: candidates may follow. */
  answerTold(): void {
    this.#flow();
  }

  /** ICE has the first offer of the peer. @param setup what it says of the DTLS roles */
  offerTaken(setup: string): void {
    this.#described(setup !== 'active');
  }

  /** ICE has the answer to our first offer. */
  answerTaken(setup: string): void {
    const dtlsClient = setup === 'passive';
    this.#described(dtlsClient);
    if (dtlsClient) this.#flow();
    else this.#later(serverTellMs, () => this.#flow());
  }

  end(): void {
    for (const cancel of this.#cancelTimers.splice(0)) cancel();
  }

  #described(dtlsClient: boolean): void {
    if (dtlsClient) {
      this.#held = [];
      this.#later(clientHoldMs, () => this.#release());
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const candidate of waiting) this.#hand(candidate);
  }

  #hand(candidate: IceCandidate): void {
    if (this.#held !== undefined && candidate.candidate.includes(' typ host')) this.#held.push(candidate);
    else this.#tools.take(candidate);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const candidate of held) this.#tools.take(candidate);
  }

  #flow(): void {
    const untold = this.#untold ?? [];
    this.#untold = undefined;
    for (const own of untold) this.#tools.tell(own);
  }

  #later(delayMs: number, action: () => void): void {
    this.#cancelTimers.push(this.#tools.after(delayMs, action));
  }
}
