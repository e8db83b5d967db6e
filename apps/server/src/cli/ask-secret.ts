/** Asks on the terminal and shows nothing of what is typed. */
const [ENTER, NEWLINE, CONTROL_C, CONTROL_D, BACKSPACE, DELETE] = ['\r', '\n', '\u0003', '\u0004', '\b', '\u007f'];

interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Null without a terminal. Ctrl-C ends the process as it does everywhere. */
export async function askSecret({ stdin, stderr }: Terminal, question: string): Promise<string | null> {
  if (!stdin.isTTY || !stderr.isTTY) return null;
  stderr.write(question);
  stdin.setRawMode(true).resume().setEncoding('utf8');
  return new Promise((resolve) => {
    let typed = '';
    const end = (answer: string | null): void => {
      stdin.off('data', onData).setRawMode(false).pause();
      stderr.write('\n');
      resolve(answer);
    };
    const onData = (text: string): void => {
      for (const each of text) {
        if (each === ENTER || each === NEWLINE || each === CONTROL_D) return end(typed);
        if (each === CONTROL_C) {
          end(null);
          process.kill(process.pid, 'SIGINT');
          return;
        }
        typed = each === BACKSPACE || each === DELETE ? typed.replace(/.$/su, '') : typed + each;
      }
    };
    stdin.on('data', onData);
  });
}
