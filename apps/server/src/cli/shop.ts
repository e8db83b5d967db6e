import { apiOf } from './api.ts';
import { type Command, json, textOf } from './command.ts';

export const shopAdd: Command = {
  name: 'shop add',
  usage: '<channel> <shop> [--name N]',
  zh: '接入店铺，或改它的名称',
  en: 'connects a shop, or renames it',
  more: 'channel 用小写字母，如 own、douyin；shop 是平台自己的店铺编号。\nchannel in small letters, e.g. own or douyin; shop is the platform’s own id.',
  example: 'weir shop add own tea --name 茶铺',
  options: { name: { type: 'string' } },
  takes: 2,
  async run(args, io) {
    const [channel, shop = ''] = args.positionals;
    io.out(json(await apiOf(io).call('POST', '/v1/shops', { channel, shop, name: textOf(args, 'name') ?? shop })));
    return 0;
  },
};

export const shopList: Command = {
  name: 'shop list',
  usage: '',
  zh: '列出店铺',
  en: 'lists the shops',
  example: 'weir shop list',
  async run(_, io) {
    io.out(json(await apiOf(io).call('GET', '/v1/shops')));
    return 0;
  },
};
