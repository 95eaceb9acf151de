//! Plays flows as every client there is: both SDKs, both modes of the newer one, with and without a secret.

import { after, before, describe, test } from 'node:test';

import { Org } from '../world/org.mjs';
import { CLIENTS, REDIRECT_URI } from './sdk.mjs';
import { Talk } from './talk.mjs';

const SECRET = 'a-client-secret';

/** Every test of `flows`, which is `{ flow: { authenticator: scene => … } }`, as every client. */
export function play(flows) {
  for (const client of CLIENTS) {
    describe(client.title, () => {
      let org;
      before(async () => { org = await Org.start(); });
      after(() => org.stop());
      let count = 0;
      for (const [flow, by] of Object.entries(flows)) {
        for (const [authenticator, tell] of Object.entries(by)) {
          if (tell.only && !tell.only(client)) continue;
          test(`${flow}: ${authenticator}`, () => {
            count += 1;
            return tell(new Scene(org, client, count));
          });
        }
      }
    });
  }
}

/** A test that only some clients can play. */
export const only = (is, tell) => Object.assign(tell, { only: is });

/** What a test plays with: an org, people, and an application of its own. */
class Scene {
  constructor(org, client, number) {
    this.org = org;
    this.client = client;
    this.number = number;
  }

  /** An application with these policies; gives what begins an attempt at it. */
  async app(policies = {}) {
    const clientId = `app-${this.number}`;
    const clientSecret = this.client.isConfidential ? SECRET : undefined;
    await this.org.addApp({ client_id: clientId, client_secret: clientSecret, redirect_uris: [REDIRECT_URI], ...policies });
    return (options = {}) => this.talk({ clientId, clientSecret, ...options });
  }

  /** An attempt at an application that is there. */
  talk(options) {
    return new Talk(this.client.connect(this.org, options), this.client.isStepwise);
  }

  /** Somebody who has a password and these factors. */
  somebody(factors = [], more = {}) {
    const phone = `+1555${String(1_000_000 + this.number)}`;
    return this.org.somebody({ factors: ['okta_password', ...factors], phone, ...more });
  }
}
