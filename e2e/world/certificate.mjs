//! A self-signed certificate for a test's server.

import { generateKeyPairSync, sign } from 'node:crypto';

const DAY_MS = 24 * 60 * 60 * 1000;

/** DER tags; https://www.itu.int/rec/T-REC-X.690. */
const [INTEGER, BITS, OBJECT, WORDS, TIME, LIST, SET] = [0x02, 0x03, 0x06, 0x0c, 0x17, 0x30, 0x31];
const ECDSA_WITH_SHA256 = der(LIST, der(OBJECT, bytes('2a8648ce3d040302')));
const COMMON_NAME = der(OBJECT, bytes('550403'));

/** A new key and its self-signed certificate, both in PEM. */
export function certificate() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = der(LIST, der(SET, der(LIST, COMMON_NAME, der(WORDS, Buffer.from('localhost')))));
  const from = Date.now() - DAY_MS;
  const validity = der(LIST, moment(from), moment(from + 2 * DAY_MS));
  const about = [der(INTEGER, bytes('01')), ECDSA_WITH_SHA256, name, validity, name, publicKey.export({ type: 'spki', format: 'der' })];
  const tbs = der(LIST, ...about);
  const signature = der(BITS, bytes('00'), sign('sha256', tbs, privateKey));
  const whole = der(LIST, tbs, ECDSA_WITH_SHA256, signature);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

/** DER requires the shortest form of a length. */
function der(tag, ...parts) {
  const body = Buffer.concat(parts);
  const { length } = body;
  const long = length < 0x100 ? [0x81] : [0x82, length >> 8];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [] : long), length & 0xff]), body]);
}

function bytes(hex) {
  return Buffer.from(hex, 'hex');
}

/** As `YYMMDDhhmmssZ`. */
function moment(at) {
  return der(TIME, Buffer.from(`${new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`));
}
