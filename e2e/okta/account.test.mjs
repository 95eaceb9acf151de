//! Accounts, made, opened and mended with Okta's own SDK.

import { account } from './flows/account.mjs';
import { play } from './play.mjs';

play(account);
