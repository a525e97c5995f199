// A peer made by hand: speaks our peer wire over rawPeer.mjs as right or as wrong as a test wants it. Registers at our server by itself.
import crypto from 'node:crypto';
import { decodePeer, encodePeer, type PeerPacket, type PeerValue, peerHelloText } from '../../proto/runtime/index.ts';
import { JsonLineProcess } from './jsonLineProcess.ts';
import { PlainSocket } from './plainSocket.ts';

const label = 'chat';
const fingerprintIn = (sdp: unknown): string => /a=fingerprint:sha-256 ([0-9A-F:]+)/i.exec(String(sdp))?.[1] ?? '';

export class HandmadePeer {
  readonly id: string;
  readonly raw = new JsonLineProcess('test/support/rawPeer.mjs');
  readonly #socket: PlainSocket;
  readonly #keys = crypto.generateKeyPairSync('ed25519');
  #peerId = '';
  readonly #connection = crypto.randomBytes(8).toString('hex');
  #fingerprint = '';
  #peerFingerprint = '';

  private constructor(id: string, socket: PlainSocket) {
    this.id = id;
    this.#socket = socket;
  }

  static async register(url: string, id: string): Promise<HandmadePeer> {
    return new HandmadePeer(id, await PlainSocket.register(url, id));
  }

  /** Offers a connection and waits until its channel is open. Says no hello. */
  async connect(peerId: string): Promise<void> {
    this.#peerId = peerId;
    const mosis = { v: 1, connection: this.#connection };
    this.raw.send({ do: 'offer', label });
    const { sdp } = await this.raw.until('description');
    this.#fingerprint = fingerprintIn(sdp);
    this.#socket.send({ type: 'offer', to: peerId, sdp, mosis });
    // On the loopback there is one candidate each way.
    const { candidate, mid } = await this.raw.until('candidate');
    this.#socket.send({ type: 'candidate', to: peerId, candidate, mid, mosis });
    const answer = await this.#socket.until('answer');
    this.#peerFingerprint = fingerprintIn(answer.sdp);
    this.raw.send({ do: 'description', type: 'answer', sdp: answer.sdp });
    const theirs = await this.#socket.until('candidate');
    this.raw.send({ do: 'candidate', candidate: theirs.candidate, mid: theirs.mid });
    await this.raw.until('channel', ({ state }) => state === 'open');
  }

  /** A right hello but for `change`; `signed` changes what is signed. */
  hello(change: Partial<PeerValue<'peerHello'>> = {}, signed: Partial<Parameters<typeof peerHelloText>[0]> = {}): void {
    const text = peerHelloText({
      signerPhoneId: this.id,
      verifierPhoneId: this.#peerId,
      signerFingerprint: this.#fingerprint,
      verifierFingerprint: this.#peerFingerprint,
      connection: this.#connection,
      ...signed,
    });
    const { x = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const hello = {
      ...{ protocolMin: 1, protocolMax: 1, phoneId: this.id, displayName: this.id, capabilities: ['text'] },
      publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
      signature: new Uint8Array(crypto.sign(null, text, this.#keys.privateKey)),
    };
    this.bytes(encodePeer('peerHello', { ...hello, ...change }));
  }

  /** Both fingerprints as this side sees them: own, the peer's. */
  get fingerprints(): readonly [string, string] {
    return [this.#fingerprint, this.#peerFingerprint];
  }

  /** Says a text under a uuid of 16 times that byte. */
  text(text: string, uuidByte: number): void {
    const uuid = new Uint8Array(16).fill(uuidByte);
    this.bytes(encodePeer('peerText', { uuid, text, sentAt: 1_795_500_000_000 }));
  }

  bytes(bytes: Uint8Array): void {
    this.raw.send({ do: 'hex', label, hex: Buffer.from(bytes).toString('hex') });
  }

  string(text: string): void {
    this.raw.send({ do: 'text', label, text });
  }

  /** Takes the next message of this name. */
  async until<N extends PeerPacket['name']>(name: N): Promise<PeerValue<N>> {
    const read = (hex: unknown): PeerPacket => decodePeer(new Uint8Array(Buffer.from(String(hex), 'hex')));
    const { hex } = await this.raw.until('message', (event) => read(event.hex).name === name);
    return read(hex).value as PeerValue<N>;
  }

  async stop(): Promise<void> {
    this.#socket.close();
    await this.raw.stop();
  }
}
