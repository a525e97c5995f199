// Runs the connection machine of one RTCPeerConnection to one peer: signals in, signals out, hello, then messages.
import {
  decodePeer,
  decodePlainText,
  encodePeer,
  isFingerprint,
  type PeerPacket,
  type PeerValue,
  ProtocolError,
} from '../../../proto/runtime/index.ts';
import { type ErrorCode, MosisError } from '../errors.ts';
import type { CancelTimer, Clock, Connection, ConnectionStatistics, Log, Media } from '../ports.ts';
import {
  type ConnectionEffect,
  type ConnectionEventName,
  type ConnectionStateName,
  connectLimitMs,
  stepConnection,
  verifyLimitMs,
} from './connectionMachine.ts';
import type { ChannelView, HelloVerdict, PeerHello } from './hello.ts';

/** Why a connection ended. */
export interface Ending {
  readonly code: ErrorCode;
  readonly text: string;
}

/** What a connection needs of the link that it belongs to. */
export interface ConnectionOwner {
  readonly ownId: string;
  readonly peerId: string;
  sendDescription(connection: PeerConnection, type: 'offer' | 'answer', sdp: string): void;
  sendCandidate(connection: PeerConnection, candidate: string, mid: string): void;
  makeHello(view: ChannelView): PeerHello;
  /** Checks, pins at first contact, tells games of a changed identity. */
  verifyHello(view: ChannelView, hello: PeerHello): HelloVerdict;
  opened(connection: PeerConnection): void;
  ended(connection: PeerConnection, why: Ending): void;
  packet(connection: PeerConnection, packet: PeerPacket): void;
  plainText(connection: PeerConnection, text: string): void;
  drained(connection: PeerConnection): void;
  malformed(reason: string): void;
}

export interface ConnectionTools {
  readonly media: Media;
  readonly clock: Clock;
  readonly log: Log;
}

/** A peer that sends this many unusable messages in one connection loses it. */
export const malformedLimit = 20;

export class PeerConnection {
  readonly id: string;
  readonly role: 'offerer' | 'answerer';
  /** Undefined until the first description of the peer said whether it is one of ours. */
  plain: boolean | undefined;
  readonly startedAt: number;
  openedAt = 0;
  remoteFingerprint = '';

  readonly #tools: ConnectionTools;
  readonly #owner: ConnectionOwner;
  readonly #connection: Connection;
  #state: ConnectionStateName = 'connecting';
  #view: ChannelView | undefined;
  #ending: Ending = { code: 'peerUnreachable', text: '' };
  #cancelTimer: CancelTimer;
  #malformed = 0;

  constructor(tools: ConnectionTools, owner: ConnectionOwner, options: { id: string; role: 'offerer' | 'answerer' }) {
    this.#tools = tools;
    this.#owner = owner;
    this.id = options.id;
    this.role = options.role;
    this.startedAt = tools.clock.monotonic();
    this.#cancelTimer = this.#limit(connectLimitMs, () => this.#connectTimeoutText());
    this.#connection = tools.media.createConnection({
      description: (type, sdp) => owner.sendDescription(this, type, sdp),
      candidate: (candidate, mid) => owner.sendCandidate(this, candidate, mid),
      channelOpened: (channel) => this.#channelOpened(channel),
      message: (data) => this.#message(data),
      drained: () => owner.drained(this),
      closed: (why) => this.#apply('connectionFailed', why),
    });
  }

  get state(): ConnectionStateName {
    return this.#state;
  }

  offer(): void {
    this.#connection.offer();
  }

  /** `plain`: the description carried no mark of ours. */
  remoteDescription(type: 'offer' | 'answer', sdp: string, plain: boolean): void {
    this.plain = plain;
    // Between two daemons the answerer must not be the DTLS client: its ClientHello is often lost and repeated only after 1 s.
    // RFC 8842 wants actpass in offers, and browsers insist, so the rewrite happens here and not at the sender.
    const usable = type === 'offer' && !plain ? sdp.replaceAll('a=setup:actpass', 'a=setup:active') : sdp;
    this.#connection.setRemoteDescription(type, usable);
  }

  remoteCandidate(candidate: string, mid: string | undefined): void {
    this.#connection.addRemoteCandidate(candidate, mid);
  }

  /** False: not open or the buffer is full; wait for `drained`. Throws MosisError('tooLarge'). */
  send(data: string | Uint8Array): boolean {
    return this.#state === 'open' && this.#connection.send(data);
  }

  /** Sends what is not a message of a game, if it can be sent now. */
  say<N extends PeerPacket['name']>(name: N, value: PeerValue<N>): void {
    if (this.#state === 'closed') return;
    try {
      this.#connection.send(encodePeer(name, value));
    } catch (error) {
      if (!(error instanceof MosisError)) throw error;
      // A peer that takes not even this in one piece cannot be talked to.
      this.fail({ code: error.code, text: `${this.#owner.peerId}: ${error.message}` });
    }
  }

  statistics(): Promise<ConnectionStatistics> {
    return this.#connection.statistics();
  }

  /** Ends it without telling the owner. */
  close(): void {
    this.#apply('closed', { code: 'connectionLost', text: '' });
  }

  /** Ends it and tells the owner: the peer broke a rule or fell silent. */
  fail(why: Ending): void {
    this.#apply('connectionFailed', why);
  }

  #connectTimeoutText(): string {
    const what = this.plain === undefined ? 'no answer to the offer' : 'no path through the network';
    return `${this.#owner.peerId}: ${what} within ${connectLimitMs / 1000} s: is it online? Behind strict NATs a TURN server is needed (iceServers in config.json)`;
  }

  #limit(delayMs: number, text: () => string): CancelTimer {
    return this.#tools.clock.after(delayMs, () => this.#apply('timedOut', { code: 'peerUnreachable', text: text() }));
  }

  #channelOpened(channel: { localFingerprint: string; remoteFingerprint: string }): void {
    if (!this.plain && !(isFingerprint(channel.localFingerprint) && isFingerprint(channel.remoteFingerprint))) {
      this.fail({ code: 'malformed', text: `The certificate of ${this.#owner.peerId} is not named by a SHA-256 hash` });
      return;
    }
    this.remoteFingerprint = channel.remoteFingerprint;
    this.#view = {
      connectionId: this.id,
      ownId: this.#owner.ownId,
      peerId: this.#owner.peerId,
      ownFingerprint: channel.localFingerprint,
      peerFingerprint: channel.remoteFingerprint,
    };
    this.#apply(this.plain ? 'plainChannelOpened' : 'channelOpened');
  }

  #apply(event: ConnectionEventName, why?: Ending): void {
    const { state, effects } = stepConnection(this.#state, event);
    if (effects.length === 0) return;
    this.#tools.log.info('connection', { peer: this.#owner.peerId, id: this.id, from: this.#state, to: state, event });
    this.#state = state;
    if (why) this.#ending = why;
    for (const effect of effects) this.#run(effect, event);
  }

  #run(effect: ConnectionEffect, event: ConnectionEventName): void {
    switch (effect) {
      case 'sendHello':
        if (this.#view) this.say('peerHello', this.#owner.makeHello(this.#view));
        return;
      case 'startVerifyTimer':
        this.#cancelTimer = this.#limit(
          verifyLimitMs,
          () => `${this.#owner.peerId} did not say who it is within ${verifyLimitMs / 1000} s`,
        );
        return;
      case 'cancelTimer':
        this.#cancelTimer();
        return;
      case 'becomeCurrent':
        this.openedAt = this.#tools.clock.monotonic();
        this.#owner.opened(this);
        return;
      case 'release':
        this.#connection.close();
        if (event !== 'closed') this.#owner.ended(this, this.#ending);
        return;
      default:
        effect satisfies never;
    }
  }

  #message(data: string | Uint8Array): void {
    if (typeof data === 'string') {
      this.#plainMessage(data);
      return;
    }
    if (this.plain) {
      this.#reject('a binary message in a plain connection');
      return;
    }
    const packet = this.#decoded(() => decodePeer(data));
    if (!packet) return;
    if (packet.name === 'peerHello') this.#hello(packet.value);
    else if (packet.name === 'peerRefused') this.#apply('helloRefused', packet.value);
    else if (this.#state !== 'open') this.#reject(`${packet.name} before the hello`);
    else if (packet.name === 'peerText' && packet.value.text === '') this.#reject('an empty text');
    else this.#owner.packet(this, packet);
  }

  #hello(hello: PeerHello): void {
    if (this.#state !== 'verifying' || !this.#view) {
      this.#reject('a second hello');
      return;
    }
    const verdict = this.#owner.verifyHello(this.#view, hello);
    if (verdict.ok) {
      this.#apply('helloVerified');
      return;
    }
    this.say('peerRefused', { code: verdict.code, text: verdict.text });
    this.#apply('helloRefused', verdict);
  }

  #plainMessage(data: string): void {
    // One of ours may be mistaken for a plain peer by nobody: strings count only where the whole connection is plain.
    if (!this.plain || this.#state !== 'open') {
      this.#reject('a string message in a connection that speaks MessagePack');
      return;
    }
    const text = this.#decoded(() => decodePlainText(data));
    if (text) this.#owner.plainText(this, text);
  }

  /** Undefined: refused and counted, or of a newer version and ignored. */
  #decoded<T>(decode: () => T): T | undefined {
    try {
      return decode();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (error.code !== 'notSupported') this.#reject(error.message);
      return undefined;
    }
  }

  #reject(reason: string): void {
    this.#malformed += 1;
    this.#owner.malformed(reason);
    if (this.#malformed >= malformedLimit) {
      this.fail({ code: 'malformed', text: `${this.#owner.peerId} sent ${malformedLimit} unusable messages` });
    }
  }
}
