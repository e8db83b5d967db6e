import { ROLES } from '@weir/contract';
import { apiOf } from './api.ts';
import { type Command, json, listOf, textOf } from './command.ts';

export const tokenCreate: Command = {
  name: 'token create',
  usage: '--role <role> [--name N] [--shop channel/shop]...',
  zh: '新建访问令牌（只显示一次）',
  en: 'makes an access token, shown once',
  more: `角色 roles: ${ROLES.join(' ')}\n--shop 限定店铺，可重复；不给则不限。 --shop binds it to shops and may be repeated; without it, every shop.`,
  example: 'weir token create --role integration --shop own/tea --name erp',
  options: { role: { type: 'string' }, name: { type: 'string' }, shop: { type: 'string', multiple: true } },
  async run(args, io) {
    const [role = '', shops] = [textOf(args, 'role'), listOf(args, 'shop')];
    io.out(json(await apiOf(io).call('POST', '/v1/tokens', { name: textOf(args, 'name') ?? role, role, ...(shops ? { shops } : {}) })));
    return 0;
  },
};

export const tokenList: Command = {
  name: 'token list',
  usage: '',
  zh: '列出令牌（不含令牌本身）',
  en: 'lists the tokens, without their secrets',
  example: 'weir token list',
  async run(_, io) {
    io.out(json(await apiOf(io).call('GET', '/v1/tokens')));
    return 0;
  },
};

export const tokenRevoke: Command = {
  name: 'token revoke',
  usage: '<id>',
  zh: '吊销令牌，最迟五秒后失效',
  en: 'ends a token, within five seconds',
  example: 'weir token revoke tok_0123456789',
  takes: 1,
  async run({ positionals: [id = ''] }, io) {
    io.out(json(await apiOf(io).call('POST', `/v1/tokens/${encodeURIComponent(id)}:revoke`)));
    return 0;
  },
};
