//! A WebAuthn authenticator in software: creates credentials with self attestation, and signs assertions.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;
const SIZE = 32;

export class Passkey {
  #key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #id = randomBytes(16);
  #count = 0;

  constructor(origin) {
    this.origin = origin;
  }

  /** Answers `navigator.credentials.create`, with the input names of the form. */
  make(challenge) {
    const client = this.#clientData('webauthn.create', challenge);
    const { x, y } = this.#key.publicKey.export({ format: 'jwk' });
    const [left, right] = [x, y].map((part) => Buffer.from(part, 'base64url'));
    const data = Buffer.concat([
      this.#head(PRESENT | VERIFIED | HAS_CREDENTIAL),
      Buffer.alloc(16),
      Buffer.from([0, this.#id.length]),
      this.#id,
      // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, SIZE]),
      left,
      Buffer.from([0x22, 0x58, SIZE]),
      right,
    ]);
    const signature = this.#sign(data, client);
    const attestation = Buffer.concat([
      Buffer.from('\xa3\x63fmt\x66packed\x67attStmt\xa2\x63alg\x26\x63sig\x58', 'latin1'),
      Buffer.from([signature.length]),
      signature,
      Buffer.from('\x68authData\x58', 'latin1'),
      Buffer.from([data.length]),
      data,
    ]);
    return { clientData: client.toString('base64url'), attestation: attestation.toString('base64url') };
  }

  /** Answers `navigator.credentials.get`. */
  use(challenge) {
    const client = this.#clientData('webauthn.get', challenge);
    this.#count += 1;
    const data = this.#head(PRESENT | VERIFIED);
    return {
      clientData: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signatureData: this.#sign(data, client).toString('base64url'),
    };
  }

  #clientData(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin }));
  }

  #head(flags) {
    return Buffer.concat([sha256(new URL(this.origin).hostname), Buffer.from([flags, 0, 0, 0, this.#count])]);
  }

  #sign(data, client) {
    return sign('sha256', Buffer.concat([data, sha256(client)]), this.#key.privateKey);
  }
}

function sha256(data) {
  return createHash('sha256').update(data).digest();
}
