import { apiOf } from './api.ts';
import { type Command, json, textOf } from './command.ts';

export const shopAdd: Command = {
  name: 'shop add',
  usage: '<channel> <shop> [--name N] [--app ID] [--no-order-key-in-note]',
  zh: '接入店铺，或改它的名称',
  en: 'connects a shop, or renames it',
  more: 'channel 用小写字母，如 own、douyin；shop 是平台自己的店铺编号。\nchannel in small letters, e.g. own or douyin; shop is the platform’s own id.\n--app 经由哪个渠道应用接入（weir app add 的 id）；不写则只收中立格式。--no-order-key-in-note 不把统一订单号写进商家备注。\n--app: through which app of the channel (the id that weir app add told); without it for the neutral form only. --no-order-key-in-note: our order key stays out of the seller’s note.',
  example: 'weir shop add own tea --name 茶铺',
  options: { name: { type: 'string' }, app: { type: 'string' }, 'no-order-key-in-note': { type: 'boolean' } },
  takes: 2,
  async run(args, io) {
    const [channel, shop = ''] = args.positionals;
    const app = textOf(args, 'app');
    const wanted = {
      channel,
      shop,
      name: textOf(args, 'name') ?? shop,
      ...(app === undefined ? {} : { app }),
      ...(args.values['no-order-key-in-note'] === true ? { orderKeyInNote: false } : {}),
    };
    io.out(json(await apiOf(io).call('POST', '/v1/shops', wanted)));
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
