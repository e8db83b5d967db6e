import { pinduoduoAdapter } from '@weir/connectors/pinduoduo';
import { conformance } from '../conformance/suite.test-support.ts';
import { createPinduoduo, pinduoduoApp } from './index.ts';

conformance({ adapter: pinduoduoAdapter, app: pinduoduoApp(1), shop: '900000001', carrier: '44', open: createPinduoduo });
