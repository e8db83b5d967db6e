import { taobaoAdapter } from '@weir/connectors/taobao';
import { describe } from 'vitest';
import { conformance } from '../conformance/suite.test-support.ts';
import { createTaobao } from './index.ts';

const APP = { key: '12345678', secret: 'a-secret-of-the-sandbox' };
const SHOP = '2200000000001';

describe.each(['queue', 'socket'])('messages by %s', (messages) => {
  conformance({ adapter: taobaoAdapter, app: { ...APP, settings: { messages } }, shop: SHOP, carrier: 'SF', open: createTaobao });
});
