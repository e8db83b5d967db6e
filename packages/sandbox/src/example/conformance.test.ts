import { exampleAdapter } from '@weir/connectors/example';
import { conformance } from '../conformance/suite.test-support.ts';
import { createExample } from './index.ts';

conformance({
  adapter: exampleAdapter,
  app: { key: 'app-6001', secret: 'a-secret-of-the-sandbox' },
  shop: '6001',
  open: createExample,
});
