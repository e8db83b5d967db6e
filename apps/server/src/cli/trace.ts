import { apiOf } from './api.ts';
import { type Command, json } from './command.ts';

export const traceCommand: Command = {
  name: 'trace',
  usage: '<message id>',
  zh: '一条消息在系统里走过的每一步，个人信息打码',
  en: 'each step of one stored message, personal values masked',
  more: '编号在每个回答的 x-weir-message 头里，也在每个事件的 cause 里。\nThe id is in the header x-weir-message of each answer and in the cause of each event.',
  example: 'weir trace 87994239451137',
  takes: 1,
  async run({ positionals: [id = ''] }, io) {
    io.out(json(await apiOf(io).call('GET', `/v1/messages/${encodeURIComponent(id)}`)));
    return 0;
  },
};
