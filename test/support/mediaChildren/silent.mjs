// A media child that says ready and then nothing: it answers no ping, as one whose event loop hangs.
process.on('message', () => undefined);
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready', libraryVersion: 'none' });
