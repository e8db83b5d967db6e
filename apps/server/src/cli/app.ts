import { readFileSync } from 'node:fs';
import type { Adapter } from '@weir/connectors/adapter';
import { allSettings } from '#channels';
import { ADAPTERS } from '../main.ts';
import { apiOf } from './api.ts';
import { type Args, type Command, Failure, type Io, json, textOf } from './command.ts';

/** What each channel needs beside key and secret, for whoever writes the file. */
export function settingsHelp(adapters: readonly Pick<Adapter, 'channel' | 'settings' | 'openReceiver'>[]): string {
  const lines = adapters.flatMap((adapter) => [
    `  ${adapter.channel}${allSettings(adapter).length === 0 ? ' — 无 none' : ''}`,
    ...allSettings(adapter).map(({ name, isRequired, zh, en }) => `    ${name}${isRequired ? '（必填 required）' : ''}  ${zh} ${en}`),
  ]);
  return `各渠道的设置 the settings of each channel:\n${lines.join('\n')}`;
}

export const appAdd: Command = {
  name: 'app add',
  usage: '<channel> --key K [--settings FILE] [--name N] [--base-url URL]',
  zh: '登记渠道应用（开放平台上的 app key、密钥与其他设置），或更换它们',
  en: 'registers an app of a channel (its app key, secret and settings), or changes them',
  more: `密钥在终端上输入，不显示；程序可从标准输入给出一行。密钥和设置的值都不能写在命令行上，别的用户看得见。
--settings 给出一个 JSON 对象的文件：{"名称": "值"}；没写的保持不变，null 表示去掉。写 - 则从标准输入读，放在密钥那一行之后。
--base-url 只用于模拟渠道（weir sandbox），服务器须设 WEIR_ALLOW_PRIVATE_ENDPOINTS=1。
回答里的 pushPath 是要在平台上登记的推送路径，前面加上本服务器的公网地址。
The secret is asked on the terminal without echo; a program gives it as one line on standard input. Neither it nor a setting's value is ever an argument: others could read it.
--settings names a file with a JSON object, {"name": "value"}: what is not named stays as it is, null takes it away. With - it is read from standard input, after the line with the secret.
--base-url is for a simulated channel (weir sandbox) only; the server needs WEIR_ALLOW_PRIVATE_ENDPOINTS=1.
The answer's pushPath, behind this server's public address, is what the platform must be told.

${settingsHelp(ADAPTERS)}`,
  example: 'weir app add douyin --key 7296415830217640448 --base-url http://127.0.0.1:7790',
  options: { key: { type: 'string' }, name: { type: 'string' }, 'base-url': { type: 'string' }, settings: { type: 'string' } },
  takes: 1,
  async run(args, io) {
    const [channel] = args.positionals;
    const [key = '', baseUrl] = [textOf(args, 'key'), textOf(args, 'base-url')];
    const { secret, settings } = await readSealed(args, io);
    if (secret === '') throw new Failure('没有给出密钥，什么都没有改', 'No secret was given; nothing was changed');
    const wanted = {
      channel,
      key,
      secret,
      name: textOf(args, 'name') ?? key,
      ...(settings === undefined ? {} : { settings }),
      ...(baseUrl === undefined ? {} : { baseUrl }),
    };
    io.out(json(await apiOf(io).call('POST', '/v1/apps', wanted)));
    return 0;
  },
};

const MOST_INPUT_BYTES = 200_000;
interface SealedInput {
  readonly secret: string;
  readonly settings?: unknown;
}
async function readSealed(args: Args, io: Io): Promise<SealedInput> {
  const file = textOf(args, 'settings');
  const typed = await io.askSecret('应用密钥 app secret: ');
  if (file === undefined) return { secret: typed ?? (await readInput(io.stdin, 'first line')).trim() };
  if (file !== '-') {
    const settings = parsed(readFile(file));
    return { secret: typed ?? (await readInput(io.stdin, 'first line')).trim(), settings };
  }
  if (typed !== null) throw new Failure('有终端时请用 --settings 文件', 'On a terminal give --settings a file');
  const [secret = '', ...rest] = (await readInput(io.stdin, 'all')).split('\n');
  return { secret: secret.trim(), settings: parsed(rest.join('\n')) };
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new Failure(`读不了文件 ${file}（${code}）`, `File ${file} cannot be read (${code})`);
  }
}
/** The text is not quoted: what stands in it is secret. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure('设置不是 JSON：应为 {"名称": "值"}', 'The settings are no JSON: expected {"name": "value"}');
  }
}

async function readInput(stdin: AsyncIterable<unknown>, what: 'first line' | 'all'): Promise<string> {
  let text = '';
  for await (const part of stdin) {
    text += String(part);
    if ((what === 'first line' && text.includes('\n')) || text.length > MOST_INPUT_BYTES) break;
  }
  return what === 'all' ? text : (text.split('\n')[0] ?? '');
}

export const appList: Command = {
  name: 'app list',
  usage: '',
  zh: '列出渠道应用与签名不对的推送次数（不含密钥）',
  en: 'lists the apps and how many pushes had a wrong signature, without their secrets',
  example: 'weir app list',
  async run(_, io) {
    io.out(json(await apiOf(io).call('GET', '/v1/apps')));
    return 0;
  },
};
