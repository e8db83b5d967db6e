import { createLog, readConfig } from '#platform';
import { serve, stopOnSignals } from '../serve.ts';
import type { Command } from './command.ts';

export const serveCommand: Command = {
  name: 'serve',
  usage: '',
  zh: '运行服务器（生产用，不含任何模拟）',
  en: 'runs the server, nothing simulated',
  more: '首次运行会生成管理员令牌，显示一次并写入数据目录。Ctrl-C 或 SIGTERM 安全停止。\nThe first run makes the administrator token, shows it once and keeps it in the data directory. Ctrl-C or SIGTERM stops it safely.',
  example: 'WEIR_HOME=/var/lib/weir weir serve',
  async run(_, { env, out }) {
    const config = readConfig(env);
    const log = createLog({ level: config.logLevel });
    const serving = await serve(config, log);
    stopOnSignals(serving.stop, log);
    log.event('server.ready', { url: serving.url, home: config.home });
    if (serving.adminTokenIsNew) out(`管理员令牌 administrator token: ${serving.adminToken}\n`);
    return 0;
  },
};
