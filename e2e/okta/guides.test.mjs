//! Okta's guides for embedded sign-in, as every client.

import { guides } from './flows/guides.mjs';
import { play } from './play.mjs';

play(guides);
