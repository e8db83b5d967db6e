import { wechatAdapter } from '@weir/connectors/wechat';
import { conformance } from '../conformance/suite.test-support.ts';
import { createWechat, wechatApp } from './index.ts';

conformance({ adapter: wechatAdapter, app: wechatApp(1), shop: '1900000001', carrier: 'YTO', open: createWechat });
