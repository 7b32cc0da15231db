// Tokens of accounts: right ones, made by jose, and pieces to forge others from.

import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { SignJWT } from 'jose';

export const ISSUER = 'https://media.example';
export const AUDIENCE = 'syncplay';

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key) => key.export({ type: 'spki', format: 'pem' });

// What a server is configured with (`key`) and what its issuer signs with (`signer`).
export const secret = randomBytes(32).toString('hex');
export const pairs = { RS256: rsa(), ES256: ec() };
export const others = { RS256: rsa(), ES256: ec() };
export const signers = { HS256: Buffer.from(secret), RS256: pairs.RS256.privateKey, ES256: pairs.ES256.privateKey };
export const keys = { HS256: secret, RS256: pem(pairs.RS256.publicKey), ES256: pem(pairs.ES256.publicKey) };

export function settings(algorithm, more = {}) {
    return {
        AUTH_JWT_ALGORITHM: algorithm, AUTH_JWT_KEY: keys[algorithm], AUTH_JWT_ISSUER: ISSUER, AUTH_JWT_AUDIENCE: AUDIENCE,
        ...more,
    };
}

export const now = () => Math.floor(Date.now() / 1000);

export function claims(more = {}) {
    return { iss: ISSUER, aud: AUDIENCE, sub: 'ana', name: 'Ana', iat: now(), exp: now() + 3600, ...more };
}

// A token as an issuer makes it.
export function token(algorithm, more = {}, header = {}) {
    return new SignJWT(claims(more)).setProtectedHeader({ alg: algorithm, typ: 'JWT', ...header }).sign(signers[algorithm]);
}

export const base64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

// Anything at all, signed: header and payload are values, or texts that need not be JSON.
export function forge(algorithm, header, payload, key = signers[algorithm]) {
    const text = `${base64(header)}.${base64(payload)}`;
    return `${text}.${signature(algorithm, text, key)}`;
}

export function signature(algorithm, text, key = signers[algorithm]) {
    if (algorithm === 'HS256') return createHmac('sha256', key).update(text).digest('base64url');
    return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

export const der = (algorithm) => createPublicKey(keys[algorithm]).export({ type: 'spki', format: 'der' });
