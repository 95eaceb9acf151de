//! Enrolment of authenticators with Okta's own SDK.

import { enroll } from './flows/enroll.mjs';
import { runFlows } from './run-flows.mjs';

runFlows(enroll);
