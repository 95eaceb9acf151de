//! Policies of the applications in the acceptance tests, with the names of the org file.

/** The built-in identity provider. */
export const PROVIDER = '0oadevsocial00000001';

/** A password alone, and nothing else to enrol. */
export const PASSWORD_ALONE = {
  sign_on: [{ authenticate_with: 'password' }],
  enrollment: { okta_password: 'REQUIRED' },
};

/** The password and this factor. */
export const passwordAnd = (factor) => ({
  sign_on: [{ authenticate_with: 'password-and-another', factors: [factor] }],
  enrollment: { okta_password: 'REQUIRED', [factor]: 'OPTIONAL' },
});

/** The username first, then any one of these. */
export const identifierFirst = (...factors) => ({
  global_session: { establish_with: 'any-factor' },
  sign_on: [{ authenticate_with: 'any-1-factor', factors }],
  enrollment: Object.fromEntries(factors.map((factor) => [factor, 'OPTIONAL'])),
});

/** Sign-up with a password and a verified e-mail address, then these optional factors. */
export const signUpWith = (...optional) => ({
  sign_on: [{ authenticate_with: 'password' }],
  enrollment: {
    okta_password: 'REQUIRED',
    okta_email: 'REQUIRED',
    ...Object.fromEntries(optional.map((factor) => [factor, 'OPTIONAL'])),
  },
});
