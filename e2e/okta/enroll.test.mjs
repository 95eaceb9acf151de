//! Authenticators, set up with Okta's own SDK.

import { enroll } from './flows/enroll.mjs';
import { play } from './play.mjs';

play(enroll);
