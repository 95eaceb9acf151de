//! Magic links, identity providers and browser sessions with Okta's own SDK.

import { elsewhere } from './flows/elsewhere.mjs';
import { runFlows } from './run-flows.mjs';

runFlows(elsewhere);
