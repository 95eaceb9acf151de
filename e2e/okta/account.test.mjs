//! Registration, recovery and unlock with Okta's own SDK.

import { account } from './flows/account.mjs';
import { runFlows } from './run-flows.mjs';

runFlows(account);
