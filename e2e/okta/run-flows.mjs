//! Runs flows with every client: both SDK releases, both modes of the newer one, public and confidential.

import { after, before, describe, test } from 'node:test';

import { Org } from '../world/org.mjs';
import { CLIENTS, REDIRECT_URI } from './sdk.mjs';
import { SdkAttempt } from './sdk-attempt.mjs';

const SECRET = 'a-client-secret';

/** Defines every test of `flows`, which is `{ flow: { authenticator: scene => … } }`, for every client. */
export function runFlows(flows) {
  for (const client of CLIENTS) {
    describe(client.title, () => {
      let org;
      before(async () => { org = await Org.start(); });
      after(() => org.stop());
      let count = 0;
      for (const [flow, by] of Object.entries(flows)) {
        for (const [authenticator, run] of Object.entries(by)) {
          if (run.only && !run.only(client)) continue;
          test(`${flow}: ${authenticator}`, () => {
            count += 1;
            return run(new Scene(org, client, count));
          });
        }
      }
    });
  }
}

/** A test that only some clients can run. */
export const only = (isFor, run) => Object.assign(run, { only: isFor });

/** A test's org, users and application. */
class Scene {
  constructor(org, client, number) {
    this.org = org;
    this.client = client;
    this.number = number;
  }

  /** Adds an application with these policies; returns a function that begins an attempt at it. */
  async app(policies = {}) {
    const clientId = `app-${this.number}`;
    const clientSecret = this.client.isConfidential ? SECRET : undefined;
    await this.org.addApp({ client_id: clientId, client_secret: clientSecret, redirect_uris: [REDIRECT_URI], ...policies });
    return (options = {}) => this.attempt({ clientId, clientSecret, ...options });
  }

  /** An attempt at an existing application. */
  attempt(options) {
    return new SdkAttempt(this.client.connect(this.org, options), this.client.isStepwise);
  }

  /** Adds a user with a password and these factors. */
  newUser(factors = [], more = {}) {
    const phone = `+1555${String(1_000_000 + this.number)}`;
    return this.org.newUser({ factors: ['okta_password', ...factors], phone, ...more });
  }
}
