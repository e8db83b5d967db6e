import { taobaoAdapter } from '@weir/connectors/taobao';
import { describe } from 'vitest';
import { conformance } from '../conformance/suite.test-support.ts';
import { createTaobao, taobaoApp } from './index.ts';

const SHOP = '2200000000001';

describe.each(['queue', 'socket'] as const)('messages by %s', (messages) => {
  conformance({ adapter: taobaoAdapter, app: taobaoApp(1, messages), shop: SHOP, carrier: 'SF', open: createTaobao });
});
