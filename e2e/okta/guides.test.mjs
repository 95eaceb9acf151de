//! Okta's guides for embedded sign-in, as every client.

import { guides } from './flows/guides.mjs';
import { runFlows } from './run-flows.mjs';

runFlows(guides);
