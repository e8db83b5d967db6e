// What a stranger reads after --help, Chinese first.

const SETTINGS = `环境变量 / environment:
  WEIR_HOME                     数据目录，默认 .weir / data directory, default .weir
  WEIR_PORT                     端口，默认 7700 / port, default 7700
  WEIR_HOST                     监听地址，默认 127.0.0.1 / address to listen on, default 127.0.0.1
  WEIR_DATABASE_URL             使用您自己的 PostgreSQL（15 以上）/ a PostgreSQL of yours (15 or newer)
  WEIR_ADMIN_TOKEN              管理员令牌 / the administrator's token
  WEIR_LOG_LEVEL                debug info warn error silent
`;

export const COMMANDS = {
  start: {
    zh: '安装、构建并启动 Weir：内置数据库、服务、控制台和一家模拟店铺',
    en: 'install, build and start Weir: embedded database, server, console and a simulated shop',
    more: `停止：Ctrl-C / stop: Ctrl-C\n\n${SETTINGS}`,
  },
  dev: { zh: '同 start，源码变动后自动重启', en: 'like start, restarted when a source file changes', more: SETTINGS },
  test: {
    zh: '运行全部检查和测试；给出路径时只运行这些测试',
    en: 'run every check and test; with paths, only those tests',
    more: `例 / example: npm test -- packages/core

缺少的系统软件（PostgreSQL 15，浏览器测试用的 chromium 和中文字体）：root 下自动安装，否则说明如何安装。
Missing system packages (PostgreSQL 15; chromium and a Chinese font for browser tests) are installed when run as root, else it says how.
最后一行 / the last line: "N passed, N failed, N skipped"
`,
  },
  check: {
    zh: '快速检查：格式、规则、类型、构建、整洁、单元测试',
    en: 'the fast part: format, lint, types, build, tidy and unit tests',
    more: '',
  },
  bench: {
    zh: '测量一项承诺的数字',
    en: 'measure one promised number',
    more: `用法 / usage: npm run bench -- <name…> [--seconds N] [--json]     例 / example: npm run bench -- intake.push

  intake.push     一条变更一次 POST / one POST a change
  intake.import   NDJSON 流 / the NDJSON stream
  broadcast       签名投递 / signed deliveries
  list            百万订单的列表 / the list of a million orders   [--orders N] [--home DIR]
  recover         负载下 kill -9 后恢复 / kill -9 under load
  keys            统一订单号 / order keys
  seal            加封与开封 / sealing and opening

  基线在同一次运行中测得：请比较 ratio / the baseline is measured in the same run: compare ratios
`,
  },
  sim: {
    zh: '带种子的模拟：打乱、重复、延迟、崩溃；同一种子可重放',
    en: 'the seeded simulation: shuffled, doubled, delayed, crashing; the same seed replays',
    more: `用法 / usage: npm run sim -- [--seed N] [--seeds M] [--minutes N] [--verbose]

  --seed N      从这个种子开始；不给则随机，并先打印 / begin with this seed; without it a random one, printed first
  --seeds M     连续运行 M 个种子 / so many seeds, one after the other
  --minutes N   至少运行这么久 / go on for at least so long
  --verbose     打印整个剧本：消息、操作、故障 / print the whole script: messages, steps, faults

有承诺被违反时以 1 结束，并给出种子、经过和重放命令。Ends with 1 when a promise was broken, with the seed, the story and the command that replays it.
`,
  },
  pack: {
    zh: '把接收端工具包做成 npm 包（packages/receiver/dist）',
    en: 'make the receiver kit a package for npm (packages/receiver/dist)',
    more: '',
  },
  'new:connector': {
    zh: '新建一个渠道连接器：复制样例（连接器与模拟平台），登记到各处，检查全部通过',
    en: 'begin a channel connector: a copy of the worked example (connector and simulated platform), listed everywhere, every check green',
    more: `用法 / usage: npm run new:connector -- <id> --prefix XX --zh 名 --en Name

  <id>          渠道 id，小写字母和数字 / the channel's id, small letters and digits
  --prefix XX   统一订单号的前缀，两个大写字母，不与别的渠道相同 / opens its order keys: two capital letters, no other channel's
  --zh 名       中文名 / its Chinese name
  --en Name     英文名 / its English name

例 / example: npm run new:connector -- weidian --prefix WD --zh 微店 --en Weidian
已登记名称的渠道（如 jd）只需 id / a channel whose name is listed already, like jd, needs its id only.
不覆盖任何已有连接器。之后怎样写：docs/connectors.md / overwrites no connector. How to go on: docs/connectors.md
`,
  },
  gen: { zh: '重新生成由代码得出的文件', en: 'make the generated files anew', more: '' },
};

export function help(command) {
  const entry = COMMANDS[command];
  if (entry !== undefined)
    return `npm ${command === 'start' || command === 'test' ? command : `run ${command}`}\n\n${entry.zh}\n${entry.en}\n\n${entry.more}`;
  const rows = Object.entries(COMMANDS).map(([name, { zh, en }]) => `  ${name.padEnd(15)}${zh}\n                 ${en}\n`);
  return `Weir (堰)\n\n用法 / usage: node tools/bootstrap.mjs <command> [arguments]    （或 / or: npm run <command> -- [arguments]）\n\n${rows.join('')}\n每条命令都有说明：npm start -- --help，npm run bench -- --help（少了 -- 则是 npm 自己的帮助）\nEach command explains itself: npm start -- --help, npm run bench -- --help (without the -- npm gives its own help)\n`;
}
