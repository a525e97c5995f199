// A media child that never becomes ready.
process.on('message', (message) => {
  if (message.kind === 'stop') process.exit(0);
});
process.on('disconnect', () => process.exit(0));
