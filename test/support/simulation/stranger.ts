// Somebody who speaks to our phones by hand: a plain client that knows only the printed specification, or a daemon that breaks rules.

import type {
  AnySignal,
  Connection,
  Identity,
  SignallingSocket,
  SignalName,
  SignalValue,
} from '../../../daemon/core/ports.ts';
import {
  decodePeer,
  encodePeer,
  type PeerPacket,
  type PeerValue,
  peerHelloText,
} from '../../../proto/runtime/index.ts';
import { ProcessClock } from './clock.ts';
import { simulatedIdentity } from './identity.ts';
import { SimulatedMedia } from './media.ts';
import { SimulatedSignalling } from './signalling.ts';
import type { World } from './world.ts';

export class Stranger {
  readonly id: string;
  readonly identity: Identity;
  readonly media: SimulatedMedia;
  readonly signals: AnySignal[] = [];
  /** What came through data channels. */
  readonly messages: (string | Uint8Array)[] = [];
  /** Answers offers by itself. */
  answers = true;
  /** Says a right hello by itself when a channel opens; plain strangers never do. */
  greets = true;
  connection: Connection | undefined;
  connectionId = '';
  /** Connections that opened, and those that ended. */
  opened = 0;
  closed = 0;

  readonly #world: World;
  readonly #plain: boolean;
  readonly #socket: SignallingSocket;
  #fingerprints = { localFingerprint: '', remoteFingerprint: '' };
  #peerId = '';

  /** Logs in at the world's first server. */
  constructor(world: World, id: string, options: { plain?: boolean; keyName?: string; name?: string } = {}) {
    const clock = new ProcessClock(world.clock);
    this.#world = world;
    this.#plain = options.plain ?? false;
    this.id = id;
    this.identity = simulatedIdentity(options.keyName ?? id);
    this.media = new SimulatedMedia(world.mediaNetwork, clock, `${id}.${world.nextProcess()}`);
    const signalling = new SimulatedSignalling(world.servers, { clock, worldClock: world.clock, random: world.random });
    const name = options.name === undefined ? {} : { name: options.name };
    this.#socket = signalling.open(world.server.url, {
      opened: () => this.signal('register', { id, ...name }),
      signal: (signal) => this.#signal(signal),
      closed: () => {},
    });
    world.clock.until(() => world.server.ids.includes(id), 1000);
  }

  signal<N extends SignalName>(name: N, value: SignalValue<N>): void {
    this.#socket.send(name, value);
  }

  leave(): void {
    this.#socket.close();
  }

  /** Signals of one name that came. */
  heard<N extends SignalName>(name: N): SignalValue<N>[] {
    return this.signals.filter((signal) => signal.name === name).map((signal) => signal.value as SignalValue<N>);
  }

  /** Packets that came; strings left out. */
  get packets(): PeerPacket[] {
    return this.messages.filter((message) => typeof message !== 'string').map((message) => decodePeer(message));
  }

  packetsNamed<N extends PeerPacket['name']>(name: N): PeerValue<N>[] {
    return this.packets.filter((packet) => packet.name === name).map((packet) => packet.value as PeerValue<N>);
  }

  /** Makes a new connection and offers it. */
  offer(peerId: string, connectionId = this.#newConnectionId()): void {
    this.#connect(peerId, connectionId);
    this.connection?.offer();
  }

  answer(offer: SignalValue<'offer'>): void {
    this.#connect(offer.from ?? '', offer.mosis?.connection ?? '');
    this.connection?.setRemoteDescription('offer', offer.sdp);
  }

  say(data: string | Uint8Array): boolean {
    return this.connection?.send(data) ?? false;
  }

  /** Says hello; `changes` make it a wrong one. */
  hello(changes: Partial<PeerValue<'peerHello'>> = {}): void {
    this.say(encodePeer('peerHello', { ...this.rightHello(), ...changes }));
  }

  rightHello(): PeerValue<'peerHello'> {
    const signed = peerHelloText({
      signerPhoneId: this.id,
      verifierPhoneId: this.#peerId,
      signerFingerprint: this.#fingerprints.localFingerprint,
      verifierFingerprint: this.#fingerprints.remoteFingerprint,
      connection: this.connectionId,
    });
    return {
      ...{ protocolMin: 1, protocolMax: 1, phoneId: this.id, displayName: `${this.id} the stranger` },
      ...{ capabilities: ['text'], publicKey: this.identity.publicKey, signature: this.identity.sign(signed) },
    };
  }

  /** Waits until the channel is open and, unless plain, the hello of the other side has come. */
  connected(): this {
    this.#world.clock.until(() => this.opened > 0 && (this.#plain || this.packetsNamed('peerHello').length > 0), 5000);
    return this;
  }

  #newConnectionId(): string {
    return Buffer.from(this.#world.random.bytes(8)).toString('hex');
  }

  #signal(signal: AnySignal): void {
    this.signals.push(signal);
    if (signal.name === 'offer' && this.answers) this.answer(signal.value);
    if (signal.name === 'answer') this.connection?.setRemoteDescription('answer', signal.value.sdp);
    if (signal.name === 'candidate') this.connection?.addRemoteCandidate(signal.value.candidate, signal.value.mid);
  }

  #connect(peerId: string, connectionId: string): void {
    this.#peerId = peerId;
    this.connectionId = connectionId;
    const mosis = this.#plain ? {} : { mosis: { v: 1, connection: connectionId } };
    this.connection = this.media.createConnection({
      description: (type, sdp) => this.signal(type, { to: peerId, sdp, ...mosis }),
      // Plain clients write the line as SDP has it, and know no mid.
      candidate: (candidate, mid) =>
        this.signal('candidate', {
          to: peerId,
          ...(this.#plain ? { candidate: `a=${candidate}` } : { candidate, mid, ...mosis }),
        }),
      channelOpened: (channel) => {
        this.opened += 1;
        this.#fingerprints = channel;
        if (this.greets && !this.#plain) this.hello();
      },
      message: (data) => this.messages.push(data),
      drained: () => {},
      closed: () => {
        this.closed += 1;
      },
    });
  }
}
