// Two port-restricted cone NATs on the loopback, as their hosts see them: what A sends to B's public address reaches B only when B has
// sent to A's public address before. Candidates are rewritten to the public addresses; packets take half the round trip.
import dgram from 'node:dgram';
import type { TestConnection } from './mediaPhone.ts';

interface Side {
  readonly public: dgram.Socket;
  /** Port of the host's own socket, known from its candidate. */
  hostPort: number;
  /** Has sent to the other side. */
  open: boolean;
}

export class NatPair {
  readonly #sides: readonly [Side, Side];
  readonly #halfRoundTripMs: number;
  #closed = false;

  private constructor(sides: readonly [Side, Side], roundTripMs: number) {
    this.#sides = sides;
    this.#halfRoundTripMs = roundTripMs / 2;
    this.#forward(0, 1);
    this.#forward(1, 0);
  }

  static async create(roundTripMs: number): Promise<NatPair> {
    const side = async (): Promise<Side> => {
      const socket = dgram.createSocket('udp4');
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
      return { public: socket, hostPort: 0, open: false };
    };
    return new NatPair([await side(), await side()], roundTripMs);
  }

  /** What `from` signals reaches `to` after `delayMs`. `side` of `from`: 0 or 1. */
  signal(from: TestConnection, side: 0 | 1, to: TestConnection, delayMs: number): void {
    const own = this.#sides[side];
    from.signals = {
      description: (type, sdp) => {
        const told = sdp.replaceAll('a=setup:actpass', 'a=setup:active');
        setTimeout(() => to.connection.setRemoteDescription(type, told), delayMs);
      },
      candidate: (candidate, mid) => {
        own.hostPort = Number(candidate.split(' ')[5]);
        const { port } = own.public.address();
        const told = candidate.replace(
          /127\.0\.0\.1 \d+ typ host/,
          `127.0.0.1 ${port} typ srflx raddr 0.0.0.0 rport 0`,
        );
        setTimeout(() => to.connection.addRemoteCandidate(told, mid), delayMs);
      },
    };
  }

  close(): void {
    this.#closed = true;
    for (const { public: socket } of this.#sides) socket.close();
  }

  /** From the host of one side, through both NATs, to the host of the other. */
  #forward(fromSide: 0 | 1, toSide: 0 | 1): void {
    const [from, to] = [this.#sides[fromSide], this.#sides[toSide]];
    to.public.on('message', (packet, sender) => {
      if (sender.port !== from.hostPort) return;
      from.open = true;
      setTimeout(() => {
        if (!this.#closed && to.open) from.public.send(packet, to.hostPort, '127.0.0.1');
      }, this.#halfRoundTripMs);
    });
  }
}
