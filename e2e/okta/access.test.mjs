//! Consent, devices, grace periods and codes with letters, with Okta's own SDK.

import { access } from './flows/access.mjs';
import { runFlows } from './run-flows.mjs';

runFlows(access);
