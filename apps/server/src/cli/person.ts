import { ROLES } from '@weir/contract';
import { type Api, apiOf } from './api.ts';
import { type Command, Failure, type Io, json, listOf, textOf } from './command.ts';

interface Person {
  readonly id: string;
  readonly login: string;
}

/** Asked twice on a terminal; nothing typed, or no terminal = the server makes one and it is shown once. */
async function passwordFrom(io: Io): Promise<{ password?: string }> {
  const password = await io.askSecret('密码（直接回车由系统生成） password (Enter = make one): ');
  if (password === null || password === '') return {};
  if ((await io.askSecret('再输一次 once more: ')) !== password)
    throw new Failure('两次输入的密码不一样，什么都没有改', 'The two passwords differ; nothing was changed');
  return { password };
}

async function personOf(api: Api, login: string): Promise<Person> {
  const { items } = await api.call<{ items: readonly Person[] }>('GET', '/v1/people');
  const found = items.find((person) => person.login === login);
  if (found === undefined) throw new Failure(`没有登录名为 ${login} 的人`, `There is nobody with the login ${login}`);
  return found;
}

export const personAdd: Command = {
  name: 'person add',
  usage: '<login> --role <role> [--name N] [--shop channel/shop]...',
  zh: '新增可以登录控制台的人',
  en: 'lets a person log in to the console',
  more: `角色 roles: ${ROLES.join(' ')}
密码在终端上输入两次，不显示；不输入则由系统生成并只显示一次。密码不能写在命令行上，别的用户看得见。
The password is asked twice on the terminal without echo; without one Weir makes one and shows it once. It is never an argument: others could read it.`,
  example: 'weir person add lihua --role customer_service --name 李华 --shop own/tea',
  options: { role: { type: 'string' }, name: { type: 'string' }, shop: { type: 'string', multiple: true } },
  takes: 1,
  async run(args, io) {
    const [name, shops] = [textOf(args, 'name'), listOf(args, 'shop')];
    const wanted = { login: args.positionals[0], role: textOf(args, 'role') ?? '', ...(name ? { name } : {}), ...(shops ? { shops } : {}) };
    io.out(json(await apiOf(io).call('POST', '/v1/people', { ...wanted, ...(await passwordFrom(io)) })));
    return 0;
  },
};

export const personList: Command = {
  name: 'person list',
  usage: '',
  zh: '列出可以登录的人',
  en: 'lists who may log in',
  example: 'weir person list',
  async run(_, io) {
    io.out(json(await apiOf(io).call('GET', '/v1/people')));
    return 0;
  },
};

export const personReset: Command = {
  name: 'person reset',
  usage: '<login>',
  zh: '换密码；此人已打开的会话都结束',
  en: 'changes a password; the sessions that are open end',
  example: 'weir person reset lihua',
  takes: 1,
  async run({ positionals: [login = ''] }, io) {
    const api = apiOf(io);
    const { id } = await personOf(api, login);
    io.out(json(await api.call('POST', `/v1/people/${encodeURIComponent(id)}:reset`, await passwordFrom(io))));
    return 0;
  },
};

export const personRemove: Command = {
  name: 'person remove',
  usage: '<login>',
  zh: '移除；此人的会话立即结束',
  en: 'removes a person; the sessions end at once',
  example: 'weir person remove lihua',
  takes: 1,
  async run({ positionals: [login = ''] }, io) {
    const api = apiOf(io);
    const { id } = await personOf(api, login);
    io.out(json(await api.call('POST', `/v1/people/${encodeURIComponent(id)}:remove`)));
    return 0;
  },
};
