//! What leaves the page, with Okta's own SDK.

import { elsewhere } from './flows/elsewhere.mjs';
import { play } from './play.mjs';

play(elsewhere);
