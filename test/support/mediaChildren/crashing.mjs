// A media child that says a word on each pipe and dies at once.
process.stdout.write('a word on stdout\n');
process.stderr.write('a word on stderr\n', () => process.exit(7));
