//! Verification with Okta's own SDK.

import { verify } from './flows/verify.mjs';
import { runFlows } from './run-flows.mjs';

runFlows(verify);
