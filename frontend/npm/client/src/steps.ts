// The steps by name. Each known name says which members its step always has; a step of any other name is still a step.

import type { Authenticator, ConsentRequest, Idp, Step as AnyStep, Transaction as AnyTransaction } from "./api.js";

type Nothing = Record<never, never>;
type WithAuthenticator = { authenticator: Authenticator };

/** The members that the steps of each name always have. */
interface StepMembers {
  identify: Nothing;
  "identify-recovery": Nothing;
  "select-identify": Nothing;
  "select-enroll-profile": Nothing;
  "enroll-profile": Nothing;
  "profile-update": Nothing;
  "redirect-idp": { href: string; idp: Idp };
  "piv-idp": { href: string };
  "unlock-account": Nothing;
  "select-authenticator-authenticate": Nothing;
  "select-authenticator-enroll": Nothing;
  "select-authenticator-unlock-account": Nothing;
  "authenticator-verification-data": WithAuthenticator;
  "authenticator-enrollment-data": WithAuthenticator;
  "challenge-authenticator": WithAuthenticator;
  "challenge-poll": WithAuthenticator;
  "enroll-authenticator": WithAuthenticator;
  "enroll-poll": WithAuthenticator;
  "select-enrollment-channel": WithAuthenticator;
  "enrollment-channel-data": WithAuthenticator;
  "reenroll-authenticator": WithAuthenticator;
  "reenroll-authenticator-warning": WithAuthenticator;
  "reset-authenticator": WithAuthenticator;
  "keep-me-signed-in": Nothing;
  consent: { consent: ConsentRequest };
  "admin-consent": { consent: ConsentRequest };
  "granular-consent": { consent: ConsentRequest };
  "email-challenge-consent": { consent: ConsentRequest };
  "device-assurance-grace-period": Nothing;
  "user-code": Nothing;
  poll: Nothing;
  skip: Nothing;
}

/** The names that the types know. */
export type StepName = keyof StepMembers;

/** The step of a known name. */
export type NamedStep<Name extends StepName = StepName> = Name extends StepName
  ? Omit<AnyStep, "name" | keyof StepMembers[Name]> & StepMembers[Name] & { name: Name }
  : never;

/**
 * A step of any other name. Its name is any string: TypeScript can tell the members of a union apart only if each has a
 * literal, so this one stands for all others. It has inputs that can be shown and answered like those of every step.
 */
export type OtherStep = Omit<AnyStep, "name"> & { name: "(another name)" };

/** A step; `step.name` says which. */
export type Step = NamedStep | OtherStep;

/** The answer to every call of a flow. */
export type Transaction = Omit<AnyTransaction, "nextStep" | "availableSteps"> & {
  /** The step that waits for an answer. */
  nextStep?: Step;
  /** Every step that can be answered now, including the next step. */
  availableSteps: Step[];
};
