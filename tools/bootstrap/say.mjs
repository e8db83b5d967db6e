// What the commands print. Plain JavaScript, Node 18 and newer: it runs before anything is installed.

const started = Date.now();

/** One progress line with the seconds since the start. */
export function say(zh, en) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(5);
  process.stdout.write(`[${seconds} s] ${zh} / ${en}\n`);
}

/** One sentence in both languages, no stack trace, and the end. */
export function giveUp(zh, en, code = 1) {
  process.stderr.write(`\n✗ ${zh}\n✗ ${en}\n`);
  process.exit(code);
}
