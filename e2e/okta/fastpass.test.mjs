//! Okta Verify on the user's device with Okta's own SDK.

import { fastpass } from './flows/fastpass.mjs';
import { runFlows } from './run-flows.mjs';

runFlows(fastpass);
