import { apiOf } from './api.ts';
import { type Command, Failure, json, textOf } from './command.ts';

export const appAdd: Command = {
  name: 'app add',
  usage: '<channel> --key K [--name N] [--base-url URL]',
  zh: '登记渠道应用（开放平台上的 app key 与密钥），或更换密钥',
  en: 'registers an app of a channel (its app key and secret), or changes its secret',
  more: `密钥在终端上输入，不显示；程序可从标准输入给出一行。密钥不能写在命令行上，别的用户看得见。
--base-url 只用于模拟渠道（weir sandbox），服务器须设 WEIR_ALLOW_PRIVATE_ENDPOINTS=1。
回答里的 pushPath 是要在平台上登记的推送路径，前面加上本服务器的公网地址。
The secret is asked on the terminal without echo; a program gives it as one line on standard input. It is never an argument: others could read it.
--base-url is for a simulated channel (weir sandbox) only; the server needs WEIR_ALLOW_PRIVATE_ENDPOINTS=1.
The answer's pushPath, behind this server's public address, is what the platform must be told.`,
  example: 'weir app add douyin --key 7296415830217640448 --base-url http://127.0.0.1:7790',
  options: { key: { type: 'string' }, name: { type: 'string' }, 'base-url': { type: 'string' } },
  takes: 1,
  async run(args, io) {
    const [channel] = args.positionals;
    const [key = '', baseUrl] = [textOf(args, 'key'), textOf(args, 'base-url')];
    const secret = (await io.askSecret('应用密钥 app secret: ')) ?? (await firstLine(io.stdin));
    if (secret === '') throw new Failure('没有给出密钥，什么都没有改', 'No secret was given; nothing was changed');
    const wanted = { channel, key, secret, name: textOf(args, 'name') ?? key, ...(baseUrl === undefined ? {} : { baseUrl }) };
    io.out(json(await apiOf(io).call('POST', '/v1/apps', wanted)));
    return 0;
  },
};

const MOST_SECRET_BYTES = 10_000;
async function firstLine(stdin: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const part of stdin) {
    text += String(part);
    if (text.includes('\n') || text.length > MOST_SECRET_BYTES) break;
  }
  return (text.split('\n')[0] ?? '').trim();
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
