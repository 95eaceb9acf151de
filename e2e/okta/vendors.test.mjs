//! Authenticators of other vendors with Okta's own SDK.

import { runFlows } from './run-flows.mjs';
import { vendors } from './flows/vendors.mjs';

runFlows(vendors);
