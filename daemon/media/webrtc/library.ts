// Starts and stops libdatachannel. Main thread only: it aborts in worker threads.
import nodeDataChannel from 'node-datachannel';
import { sendBufferBytes } from '../../mediaChannel/channel.ts';

/**
 * To be called before the first PeerConnection, and again after stopLibrary().
 * @param warn gets libdatachannel's own errors; addresses in them are blotted out
 * @returns the version of libdatachannel
 */
export function startLibrary(warn: (text: string) => void): string {
  nodeDataChannel.initLogger('Error', (_level, text) => warn(withoutAddresses(text)));
  // Twice the default: at 100 ms round trip one connection carries 27 MB/s in place of 1.9.
  nodeDataChannel.setSctpSettings({ recvBufferSize: sendBufferBytes, sendBufferSize: sendBufferBytes });
  nodeDataChannel.preload();
  return nodeDataChannel.getLibraryVersion();
}

/**
 * Joins the native threads; one of them wakes up 100 times a second as long as it lives. Closes what is open without telling it.
 * They keep the event loop alive even after every close(), so a process that ends has to call process.exit.
 */
export function stopLibrary(): void {
  nodeDataChannel.cleanup();
}

function withoutAddresses(text: string): string {
  return text.replace(/\d{1,3}(\.\d{1,3}){3}|[0-9a-f]{0,4}(:[0-9a-f]{0,4}){3,}/gi, '<address>').slice(0, 300);
}
