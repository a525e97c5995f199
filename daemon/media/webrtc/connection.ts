// One RTCPeerConnection: drives libdatachannel, keeps its handles, and never lets one of its exceptions out.
import nodeDataChannel, { type DataChannel, type PeerConnection, type Track } from 'node-datachannel';
import type { ErrorCode } from '../../core/errors.ts';
import type { ConnectionStatistics, Log } from '../../core/ports.ts';
import { countedBytes, lowMarkBytes, maxMessageBytes, progressStepBytes } from '../../mediaChannel/channel.ts';
import { checkCandidate } from './candidate.ts';
import type { NativeIceServer } from './iceServers.ts';
import { answerWithoutMedia, checkDescription, fingerprintOf } from './sdp.ts';
import { type IceCandidate, Trickle } from './trickle.ts';

/** What the library takes: it cuts a larger message off without a word, so that one must still look too large. We tell the peer less. */
const nativeMessageBytes = maxMessageBytes + 1;
/** Between the last message and an orderly close. */
const lingerMs = 200;

export interface RtcHandlers {
  description(type: 'offer' | 'answer', sdp: string): void;
  candidate(candidate: string, mid: string): void;
  channelOpened(channel: {
    label: string;
    localFingerprint: string;
    remoteFingerprint: string;
    maxMessageBytes: number;
  }): void;
  message(data: string | Uint8Array): void;
  /** See channel.ts `progress`. */
  progress(takenBytes: number, bufferedBytes: number): void;
  /** Once, at the end, unless close() was called. Nothing comes afterwards. */
  closed(code: ErrorCode, text: string): void;
}

export interface RtcSettings {
  readonly iceServers: NativeIceServer[];
  readonly bindAddress: string | null;
}

const pathNotFound = 'No path to the peer was found: check the network and the ICE servers.';
const handshakeFailed = 'A path to the peer was found, but the DTLS handshake on it failed.';

export class RtcConnection {
  readonly #peerConnection: PeerConnection;
  readonly #handlers: RtcHandlers;
  readonly #log: Log;
  #chat: DataChannel | undefined;
  /** Unreferenced native objects are collected and then deliver nothing: they are kept until the end. */
  readonly #kept: (DataChannel | Track)[] = [];
  #remoteMid: string | undefined;
  readonly #trickle: Trickle;
  #opened = false;
  #pathFound = false;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #ended = false;
  #takenBytes = 0;
  #reportedBytes = 0;
  /** What was refused from the peer: candidates, channels. */
  readonly #refused = { candidates: 0, channels: 0, answers: 0 };

  /** Throws when libdatachannel cannot make the connection, e.g. for a bindAddress that is no address. */
  constructor(name: string, settings: RtcSettings, handlers: RtcHandlers, log: Log) {
    this.#handlers = handlers;
    this.#trickle = new Trickle({
      take: (candidate) => this.#addCandidate(candidate),
      tell: ({ candidate, mid }) => handlers.candidate(candidate, mid ?? ''),
      after(delayMs, action) {
        const timer = setTimeout(action, delayMs);
        return () => clearTimeout(timer);
      },
    });
    this.#log = log;
    this.#peerConnection = new nodeDataChannel.PeerConnection(name, {
      iceServers: settings.iceServers,
      ...(settings.bindAddress === null ? {} : { bindAddress: settings.bindAddress }),
      // Without it no audio or video can be added later on ("The connection has no media transport").
      forceMediaTransport: true,
      disableAutoNegotiation: true,
      maxMessageSize: nativeMessageBytes,
    });
    this.#peerConnection.onLocalDescription((sdp, type) => this.#guard('description', () => this.#tell(type, sdp)));
    this.#peerConnection.onLocalCandidate((line, mid) => {
      if (!this.#ended) this.#trickle.found({ candidate: line.replace(/^a=/, ''), mid });
    });
    // Before the other, so that it is told first.
    this.#peerConnection.onIceStateChange((state) => {
      this.#pathFound ||= state === 'connected';
    });
    this.#peerConnection.onStateChange((state) => this.#stateChanged(state));
    this.#peerConnection.onDataChannel((channel) => this.#guard('data channel', () => this.#channelCame(channel)));
    this.#peerConnection.onTrack((track) => this.#kept.push(track));
  }

  /** Creates the chat channel and the offer. */
  offer(): void {
    this.#guard('offer', () => {
      if (this.#chat !== undefined || this.#remoteMid !== undefined)
        throw new Error('the connection is negotiated already');
      this.#adopt(this.#peerConnection.createDataChannel('chat'));
      this.#peerConnection.setLocalDescription('offer');
    });
  }

  /** An offer makes the answer follow; on a connection that is up it is a renegotiation. A stray answer is ignored. */
  setRemoteDescription(type: 'offer' | 'answer', sdp: string): void {
    const checked = checkDescription(sdp);
    if (checked.problem !== undefined) {
      this.#end('malformed', `The ${type} of the peer is no session description: ${checked.problem}.`);
      return;
    }
    const ownOfferOut = !this.#ended && this.#peerConnection.signalingState() === 'have-local-offer';
    if (type === 'answer' && !ownOfferOut) {
      this.#refused.answers += 1;
      return;
    }
    if (type === 'offer' && ownOfferOut && !this.#opened) {
      // libdatachannel would roll back, but both sides would then have made a chat channel each.
      this.#end(
        'internal',
        'An offer came for a connection that has its own offer out; answer it on a new connection.',
      );
      return;
    }
    this.#guard(
      `${type} of the peer`,
      () => {
        this.#peerConnection.setRemoteDescription(checked.sdp, type);
        const first = this.#remoteMid === undefined;
        this.#remoteMid = checked.firstMid;
        if (type === 'offer') this.#peerConnection.setLocalDescription('answer');
        if (first && type === 'offer') this.#trickle.offerTaken(checked.setup);
        if (first && type === 'answer') this.#trickle.answerTaken(checked.setup);
        for (const candidate of checked.candidates) this.addRemoteCandidate(candidate, undefined);
      },
      'malformed',
    );
  }

  /** A bad candidate costs that candidate, not the connection. */
  addRemoteCandidate(line: string, mid: string | undefined): void {
    const candidate = checkCandidate(line);
    if (candidate === undefined || !this.#trickle.received({ candidate, mid })) this.#refused.candidates += 1;
  }

  /** Dropped when the channel is not open; the host keeps the buffer within its bound. */
  send(data: string | Uint8Array): void {
    this.#guard('send', () => {
      const chat = this.#chat;
      if (this.#ended || chat === undefined || !chat.isOpen()) return;
      if (typeof data === 'string') chat.sendMessage(data);
      else chat.sendMessageBinary(data);
      this.#lastSentMs = performance.now();
      this.#takenBytes += countedBytes(data);
      if (this.#takenBytes - this.#reportedBytes >= progressStepBytes) this.#report();
    });
  }

  statistics(): ConnectionStatistics {
    let statistics: ConnectionStatistics = {};
    this.#guard('statistics', () => {
      const pair = this.#peerConnection.getSelectedCandidatePair();
      const roundTripMs = this.#peerConnection.rtt();
      statistics = {
        ...(pair === null ? {} : { localCandidate: describe(pair.local), remoteCandidate: describe(pair.remote) }),
        iceState: this.#peerConnection.iceState(),
        dtlsState: this.#dtlsState(),
        ...(roundTripMs >= 0 ? { roundTripMs } : {}),
        bytesSent: this.#peerConnection.bytesSent(),
        bytesReceived: this.#peerConnection.bytesReceived(),
      };
    });
    return statistics;
  }

  /** Ends it without `closed`. What was sent just before still goes out. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#trickle.end();
    // node-datachannel drops messages that its JavaScript has not seen yet when the close of the channel comes: give the peer time.
    const restMs = this.#lastSentMs + lingerMs - performance.now();
    if (restMs > 0) setTimeout(() => this.#release(), restMs);
    else this.#release();
  }

  /** Ends it now, without `closed`, also when close() lets it linger: the process ends. */
  abort(): void {
    this.#ended = true;
    this.#release();
  }

  #tell(type: string, sdp: string): void {
    if (this.#ended || (type !== 'offer' && type !== 'answer')) return;
    const told = sdp.replace(/^a=max-message-size:\d+/m, `a=max-message-size:${maxMessageBytes}`);
    this.#handlers.description(type, type === 'answer' ? answerWithoutMedia(told) : told);
    if (type === 'answer') this.#trickle.answerTold();
  }

  #addCandidate({ candidate, mid }: IceCandidate): void {
    if (this.#ended) return;
    try {
      this.#peerConnection.addRemoteCandidate(candidate, mid ?? this.#remoteMid ?? '');
    } catch (error) {
      this.#refused.candidates += 1;
      this.#log.debug('Candidate of the peer refused', { reason: reasonOf(error) });
    }
  }

  /** The answerer takes the first channel of the peer as the chat channel, whatever its label; no further ones are taken. */
  #channelCame(channel: DataChannel): void {
    if (this.#ended || this.#chat !== undefined) {
      this.#refused.channels += 1;
      channel.close();
      return;
    }
    this.#adopt(channel);
    if (channel.isOpen()) this.#open();
  }

  #adopt(channel: DataChannel): void {
    this.#chat = channel;
    channel.setBufferedAmountLowThreshold(lowMarkBytes);
    channel.onOpen(() => this.#guard('channel open', () => this.#open()));
    channel.onMessage((data) => this.#guard('message', () => this.#messageCame(data)));
    channel.onBufferedAmountLow(() => this.#guard('buffer low', () => this.#report()));
    channel.onError((text) => this.#log.debug('Data channel error', { reason: text }));
    // Messages that came before the close may still be on their way from the native thread: let them through first.
    channel.onClosed(() => setImmediate(() => this.#end('connectionLost', 'The peer closed the connection.')));
  }

  #open(): void {
    if (this.#ended || this.#opened || this.#chat === undefined) return;
    this.#opened = true;
    const label = this.#chat.getLabel();
    this.#log.info('Channel opened', { label: label.slice(0, 64) });
    this.#handlers.channelOpened({
      label,
      localFingerprint: fingerprintOf(this.#peerConnection.localDescription()?.sdp ?? ''),
      remoteFingerprint: this.#peerConnection.remoteFingerprint().value.toUpperCase(),
      maxMessageBytes: Math.min(this.#chat.maxMessageSize(), maxMessageBytes),
    });
  }

  #messageCame(data: string | Buffer | ArrayBuffer): void {
    if (this.#ended) return;
    // The first message may overtake the open event.
    this.#open();
    const whole = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
    if (countedLength(whole) > maxMessageBytes) {
      this.#end('tooLarge', `The peer sent a message above ${maxMessageBytes} bytes.`);
      return;
    }
    this.#handlers.message(whole);
  }

  #report(): void {
    if (this.#ended || this.#chat === undefined) return;
    this.#reportedBytes = this.#takenBytes;
    this.#handlers.progress(this.#takenBytes, this.#chat.bufferedAmount());
  }

  #stateChanged(state: string): void {
    this.#log.debug('Connection state', { state });
    if (state === 'failed') {
      this.#end('peerUnreachable', this.#pathFound ? handshakeFailed : pathNotFound);
    } else if (state === 'closed') {
      setImmediate(() => this.#end('connectionLost', 'The connection to the peer broke.'));
    }
  }

  /** libdatachannel says `connected` only after DTLS (and SCTP) stand; it has no state of its own for DTLS. */
  #dtlsState(): string {
    const state = this.#peerConnection.state();
    const ice = this.#peerConnection.iceState();
    if (state === 'connecting') return ice === 'connected' || ice === 'completed' ? 'connecting' : 'new';
    return state === 'disconnected' ? 'connected' : state;
  }

  /** The one place where native exceptions stop: they end the connection. */
  #guard(what: string, action: () => void, code: ErrorCode = 'mediaFailed'): void {
    if (this.#ended) return;
    try {
      action();
    } catch (error) {
      this.#end(code, `The ${what} failed in the WebRTC library: ${reasonOf(error)}`);
    }
  }

  #end(code: ErrorCode, text: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#release();
    this.#handlers.closed(code, text);
  }

  #release(): void {
    this.#trickle.end();
    if (this.#refused.candidates + this.#refused.channels + this.#refused.answers > 0) {
      this.#log.info('Refused from the peer', { ...this.#refused });
    }
    try {
      this.#peerConnection.close();
    } catch (error) {
      this.#log.warn('Closing a connection failed', { reason: reasonOf(error) });
    }
  }
}

const countedLength = (data: string | Uint8Array): number =>
  typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;

const describe = (candidate: { address: string; port: number; type: string; transportType: string }): string =>
  `${candidate.type} ${candidate.transportType} ${candidate.address}:${candidate.port}`;

/** The library's sentence without its fixed beginning. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^libdatachannel error while [^:]*: /, '').slice(0, 300);
}
