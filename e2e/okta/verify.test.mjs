//! Second factors, used with Okta's own SDK.

import { verify } from './flows/verify.mjs';
import { play } from './play.mjs';

play(verify);
