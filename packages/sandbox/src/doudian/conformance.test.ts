import { doudianAdapter } from '@weir/connectors/doudian';
import { conformance } from '../conformance/suite.test-support.ts';
import { createDouyin } from './index.ts';
import { APP, SHOP } from './seller.test-support.ts';

conformance({ adapter: doudianAdapter, app: APP, shop: SHOP, open: createDouyin });
