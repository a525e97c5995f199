// The three wires for TypeScript programs, in Node and in browsers. Types come from the schema by inference: nothing is generated.

export { limits } from '../schema/limits.ts';
export { type ErrorCode, ProtocolError } from './error.ts';
export { decodePeer, decodePlainText, encodePeer, encodePlainText, type PeerPacket, type PeerValue } from './peer.ts';
export { isFingerprint, type PeerHelloSignature, peerHelloText } from './peerHello.ts';
export {
  decodeResult,
  decodeShim,
  type EventIn,
  type EventValue,
  encodeErrorResponse,
  encodeEvent,
  encodeLink,
  encodeRequest,
  encodeResponse,
  type LinkIn,
  type LinkName,
  type LinkValue,
  type RequestErrors,
  type RequestIn,
  type RequestOptions,
  type RequestParams,
  type RequestResult,
  type ResponseIn,
  type ShimMessage,
} from './shim.ts';
export { checkSignal, encodeSignal, type SignalError, type SignalIn, type SignalValue } from './signal.ts';
export { toUtf8, utf8Bytes } from './text.ts';
