// Accounts: tokens of an issuer are let in, over REST and WebSockets; whatever is wrong with one is refused, in one sentence.

import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Checker } from './openapi.mjs';
import { Client } from './client.mjs';
import { FILM, guest, party, Rest } from './rest.mjs';
import { root, run, Server } from './server.mjs';
import {
    AUDIENCE, base64, claims, der, forge, ISSUER, keys, now, others, pairs, secret, settings, signature, signers, token,
} from './token.mjs';

const KID = 'spring';
const checker = new Checker();
const servers = {};

before(async () => {
    servers.HS256 = await Server.start(settings('HS256'));
    servers.RS256 = await Server.start(settings('RS256', { AUTH_JWT_KID: KID }));
    servers.ES256 = await Server.start(settings('ES256'));
});

after(async () => {
    for (const server of Object.values(servers)) await server.finish();
});

// The header that a server's tokens have.
const headers = { HS256: {}, RS256: { kid: KID }, ES256: {} };
const good = (algorithm, more) => token(algorithm, more, headers[algorithm]);
const me = (server, bearer) => new Rest(server, { checker }).request('GET', '/api/v1/users/me', { token: bearer });

async function signIn(server, bearer) {
    const { status, body } = await me(server, bearer);
    assert.equal(status, 200);
    return { ...body, token: bearer, rest: new Rest(server, { token: bearer, checker }) };
}

for (const algorithm of ['HS256', 'RS256', 'ES256']) {
    test(`${algorithm}: a token is a user, over REST and both ways over the WebSocket`, async () => {
        const server = servers[algorithm];
        const ana = await signIn(server, await good(algorithm));
        assert.equal(ana.name, 'Ana');
        assert.equal(ana.is_guest, false);
        assert.deepEqual(ana.permissions, ['syncplay.create', 'syncplay.join', 'syncplay.host_controls']);
        assert.equal(ana.user_id[14], '8', 'a UUID of version 8');
        const { code } = await party(ana);

        const ben = await good(algorithm, { sub: 'ben', name: 'Ben' });
        const byHeader = await Client.open(server, { token: ben });
        assert.equal((await byHeader.join(code)).you.name, 'Ben');
        await byHeader.close();

        const byMessage = await Client.open(server);
        const { user } = await byMessage.ask({ type: 'auth', token: await good(algorithm, { sub: 'cleo', name: 'Cleo' }) }, 'authenticated');
        assert.equal(user.name, 'Cleo');
        assert.equal((await byMessage.join(code)).you.name, 'Cleo');
        await byMessage.close();
    });
}

test('guests and accounts are there side by side, in one party', async () => {
    const server = servers.ES256;
    const gus = await guest(server, 'Gus', { checker });
    const known = await me(server, gus.token);
    assert.equal(known.body.is_guest, true);
    const { code } = await party(await signIn(server, await good('ES256')));
    assert.equal((await gus.rest.join(code)).status, 200);
});

// --- Refusals ---------------------------------------------------------------------------------------------------------

// Each is a way to make a token that must not count, for a server of this algorithm.
const header = (algorithm, more = {}) => ({ alg: algorithm, typ: 'JWT', ...headers[algorithm], ...more });
const signed = (algorithm, payload, more, key) => forge(algorithm, header(algorithm, more), payload, key);
const nested = (depth) => '['.repeat(depth) + ']'.repeat(depth);
const withRaw = (more) => JSON.stringify(claims({ x: 'RAW' })).replace('"x":"RAW"', more);
const without = (...names) => Object.fromEntries(Object.entries(claims()).filter(([name]) => !names.includes(name)));

async function parts(algorithm) {
    return (await good(algorithm)).split('.');
}

const forgeries = {
    'alg none, no signature': (a) => `${base64(header(a, { alg: 'none' }))}.${base64(claims())}.`,
    'alg none, some signature': async (a) => `${base64(header(a, { alg: 'none' }))}.${base64(claims())}.${(await parts(a))[2]}`,
    'alg None': (a) => signed(a, claims(), { alg: 'None' }),
    'alg nOnE, no signature': (a) => `${base64(header(a, { alg: 'nOnE' }))}.${base64(claims())}.`,
    'alg in lower case': (a) => signed(a, claims(), { alg: a.toLowerCase() }),
    'no alg': (a) => signed(a, claims(), { alg: undefined }),
    'alg null': (a) => signed(a, claims(), { alg: null }),
    'alg an array': (a) => signed(a, claims(), { alg: [a] }),
    'alg twice, the right one first': (a) => forge(a, JSON.stringify(header(a)).replace('{', `{"alg":"${a}","\\u0061lg":"none",`), claims()),
    'another algorithm of the family': (a) => signed(a, claims(), { alg: a.replace('256', '512') }),
    'the right key, another algorithm': (a) => (a === 'RS256' ? forge('ES256', header('ES256', headers.RS256), claims()) : forge('RS256', header('RS256'), claims())),
    'another key of the same kind': (a) => signed(a, claims(), {}, a === 'HS256' ? Buffer.from('x'.repeat(32)) : others[a].privateKey),
    'a jwk of its own in the header': (a) => {
        const other = a === 'HS256' ? undefined : others[a];
        const jwk = other ? other.publicKey.export({ format: 'jwk' }) : { kty: 'oct', k: base64('x'.repeat(32)) };
        return signed(a, claims(), { jwk }, other ? other.privateKey : Buffer.from('x'.repeat(32)));
    },
    'no signature': async (a) => (await parts(a)).slice(0, 2).concat('').join('.'),
    'two parts': async (a) => (await parts(a)).slice(0, 2).join('.'),
    'four parts': async (a) => `${await good(a)}.x`,
    'the signature of another token': async (a) => [...(await parts(a)).slice(0, 2), (await good(a, { sub: 'ben' })).split('.')[2]].join('.'),
    'another payload': async (a) => [(await parts(a))[0], base64(claims({ sub: 'root' })), (await parts(a))[2]].join('.'),
    'another header': async (a) => [base64(header(a, { typ: 'jwt' })), ...(await parts(a)).slice(1)].join('.'),
    'a signature cut short': async (a) => (await good(a)).slice(0, -4),
    'a signature made longer': async (a) => `${await good(a)}AAAA`,
    'one more character': async (a) => `${await good(a)}A`,
    'padding': async (a) => `${await good(a)}==`,
    'a payload in the other base64': (a) => {
        const text = `${base64(header(a))}.${Buffer.from(JSON.stringify(claims({ sub: '\u00ff\u00fe>>>???' }))).toString('base64')}`;
        return `${text}.${signature(a, text)}`;
    },
    'a blank inside': async (a) => (await good(a)).replace('.', ' .'),
    'the header not an object': (a) => forge(a, '["x"]', claims()),
    'the header not JSON': (a) => forge(a, '{"alg":', claims()),
    'the payload an array': (a) => signed(a, nested(1)),
    'the payload a text': (a) => signed(a, '"ana"'),
    'the payload not JSON': (a) => signed(a, '{"iss":'),
    'the payload not UTF-8': (a) => {
        const text = `${base64(header(a))}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}`;
        return `${text}.${signature(a, text)}`;
    },
    'the payload nested 900 levels deep': (a) => signed(a, withRaw(`"x":${nested(900)}`)),
    'the header nested 900 levels deep': (a) => forge(a, JSON.stringify(header(a, { x: 'RAW' })).replace('"RAW"', nested(900)), claims()),
    'a claim twice': (a) => signed(a, withRaw('"sub":"root"')),
    'a zero byte in a claim': (a) => signed(a, claims({ sub: 'ana\u0000root' })),
    'too long': (a) => signed(a, claims({ x: 'x'.repeat(4096) })),
    'crit': (a) => signed(a, claims(), { crit: ['exp'] }),
    'crit null': (a) => signed(a, claims(), { crit: null }),
    'b64 false, and crit': (a) => signed(a, claims(), { crit: ['b64'], b64: false }),
    'another issuer': (a) => good(a, { iss: 'https://other.example' }),
    'the issuer in an array': (a) => good(a, { iss: [ISSUER] }),
    'no issuer': (a) => signed(a, without('iss')),
    'another audience': (a) => good(a, { aud: 'jellyfin' }),
    'other audiences': (a) => good(a, { aud: ['jellyfin', `${AUDIENCE}x`] }),
    'no audience': (a) => signed(a, without('aud')),
    'the audience an object': (a) => signed(a, claims({ aud: { [AUDIENCE]: AUDIENCE } })),
    'expired': (a) => good(a, { exp: now() - 3600 }),
    'expired, just beyond the leeway': (a) => good(a, { exp: now() - 31 }),
    'no exp': (a) => signed(a, without('exp')),
    'exp null': (a) => signed(a, claims({ exp: null })),
    'exp a text': (a) => signed(a, claims({ exp: String(now() + 3600) })),
    'exp true': (a) => signed(a, claims({ exp: true })),
    'exp negative': (a) => signed(a, claims({ exp: -1 })),
    'exp 1e400': (a) => signed(a, withRaw('"y":1').replace(/"exp":\d+/, '"exp":1e400')),
    'exp 1e300': (a) => signed(a, withRaw('"y":1').replace(/"exp":\d+/, '"exp":1e300')),
    'exp beyond 64 bits': (a) => signed(a, withRaw('"y":1').replace(/"exp":\d+/, '"exp":18446744073709551616')),
    'not valid yet': (a) => good(a, { nbf: now() + 3600 }),
    'nbf a text': (a) => signed(a, claims({ nbf: '0' })),
    'nbf null': (a) => signed(a, claims({ nbf: null })),
    'no sub': (a) => signed(a, without('sub')),
    'sub empty': (a) => good(a, { sub: '' }),
    'sub of blanks': (a) => good(a, { sub: '   ', name: '' }),
    'sub a number': (a) => signed(a, claims({ sub: 7 })),
    'sub of 256 bytes': (a) => good(a, { sub: 'x'.repeat(256) }),
};

// The public key is known to everybody: it must not work as a secret.
const confusions = {
    'HS256 with the public key (PEM) as secret': (a) => forge('HS256', header(a, { alg: 'HS256' }), claims(), Buffer.from(keys[a])),
    'HS256 with the public key (PEM) without its line end': (a) => forge('HS256', header(a, { alg: 'HS256' }), claims(), Buffer.from(keys[a].trim())),
    'HS256 with the public key (DER) as secret': (a) => forge('HS256', header(a, { alg: 'HS256' }), claims(), der(a)),
    'HS256 with the public key, claimed to be the right algorithm': (a) => forge('HS256', header(a), claims(), Buffer.from(keys[a])),
    'HS256 with the public key (PEM), alg twice': (a) =>
        forge('HS256', JSON.stringify(header(a)).replace('}', ',"alg":"HS256"}'), claims(), Buffer.from(keys[a])),
};

const forgeriesOfRS256 = {
    'another kid': () => token('RS256', {}, { kid: 'autumn' }),
    'no kid': () => token('RS256'),
    'a kid that is an array': () => signed('RS256', claims(), { kid: [KID] }),
    'PS256': () => token('RS256', {}, { kid: KID }).then((text) => text.replace(/^[^.]+/, base64(header('RS256', { alg: 'PS256' })))),
};

async function refuseAll(algorithm, cases) {
    const server = servers[algorithm];
    const expected = await me(server, undefined); // as if there was no token at all
    assert.equal(expected.status, 401);
    assert.equal(expected.body.code, 'unauthorized');
    for (const [name, make] of Object.entries(cases)) {
        const bearer = await make(algorithm);
        const { status, text } = await me(server, bearer);
        assert.equal(status, 401, `${algorithm}, ${name}: ${status} ${text}`);
        assert.equal(text, expected.text, name);
        await assert.rejects(Client.open(server, { token: bearer }), /401/, name);
    }
    // And as the first message; three may be wrong on one connection.
    const tokens = await Promise.all(Object.values(cases).map((make) => make(algorithm)));
    for (let first = 0; first < tokens.length; first += 2) {
        const client = await Client.open(server);
        for (const bearer of tokens.slice(first, first + 2)) {
            const refused = await client.refused({ type: 'auth', token: bearer });
            assert.equal(refused.code, 'unauthorized');
        }
        await client.close();
    }
    assert.equal((await me(server, await good(algorithm))).status, 200, 'the server goes on');
}

for (const algorithm of ['HS256', 'RS256', 'ES256']) {
    test(`${algorithm}: ${Object.keys(forgeries).length} forgeries are refused, all in the same words`, () => refuseAll(algorithm, forgeries));
}

for (const algorithm of ['RS256', 'ES256']) {
    test(`${algorithm}: the public key is no secret`, () => refuseAll(algorithm, confusions));
}

test('RS256: forgeries of its own', () => refuseAll('RS256', forgeriesOfRS256));

test('the log says why, at level debug, and never holds a token', async () => {
    const server = servers.HS256;
    const bearer = await good('HS256', { iss: 'https://other.example' });
    await me(server, bearer);
    await server.logged(/token refused reason="its issuer is not the configured one"/);
    assert.ok(!server.log.includes(bearer.split('.')[1]) && !server.log.includes(bearer.split('.')[2]));
    assert.ok(!server.log.includes(secret));
});

// --- What is let pass ---------------------------------------------------------------------------------------------------

test('what real issuers do is let pass', async () => {
    const cases = {
        'several audiences': () => good('ES256', { aud: ['account', AUDIENCE] }),
        'exp with a fraction': () => signed('ES256', claims({ exp: now() + 3600.5 })),
        'expired, within the leeway': () => good('ES256', { exp: now() - 10 }),
        'nbf within the leeway': () => good('ES256', { nbf: now() + 10 }),
        'a kid that is not pinned': () => token('ES256', {}, { kid: 'whatever' }),
        'no typ': () => forge('ES256', { alg: 'ES256' }, claims()),
        'claims of all kinds': () => good('ES256', { a: null, b: [1, { c: [true] }], d: 1.5e10, e: { f: { g: ['h'] } } }),
        'almost too long': () => good('ES256', { x: 'x'.repeat(2700) }),
    };
    for (const [name, make] of Object.entries(cases)) {
        const { status, text } = await me(servers.ES256, await make());
        assert.equal(status, 200, `${name}: ${text}`);
    }
});

test('the name is the claim, or the next best thing, made fit to be shown', async () => {
    const cases = [
        [{ name: 'Ana Maria' }, 'Ana Maria'],
        [{ name: undefined, preferred_username: 'ana77' }, 'ana77'],
        [{ name: ' \t ', preferred_username: 'ana77' }, 'ana77'],
        [{ name: 7 }, 'ana'],
        [{ name: undefined }, 'ana'],
        [{ name: 'A\u0007n\u0085a\u007f\n' }, 'Ana'],
        [{ name: `  ${'ä'.repeat(40)}` }, 'ä'.repeat(32)],
        [{ name: `${'x'.repeat(31)} y` }, 'x'.repeat(31)],
        [{ name: '\u{1f3ac}'.repeat(33) }, '\u{1f3ac}'.repeat(32)],
    ];
    for (const [more, name] of cases) {
        const { status, body } = await me(servers.ES256, await good('ES256', more));
        assert.equal(status, 200);
        assert.equal(body.name, name);
    }
});

// --- Who it is ----------------------------------------------------------------------------------------------------------

test('an account is the same user again: after other tokens, with another name, after a restart', async () => {
    const server = await Server.start(settings('ES256'));
    try {
        const first = await signIn(server, await good('ES256', { sub: 'dora', name: 'Dora' }));
        const renamed = await signIn(server, await good('ES256', { sub: 'dora', name: 'Dora M.' }));
        const other = await signIn(server, await good('ES256', { sub: 'Dora', name: 'Dora' }));
        assert.equal(renamed.user_id, first.user_id);
        assert.equal(renamed.name, 'Dora M.');
        assert.notEqual(other.user_id, first.user_id);
        const { code } = await party(renamed);
        await server.stop();
        await server.start();
        const again = await signIn(server, await good('ES256', { sub: 'dora', name: 'Dora M.' }));
        assert.equal(again.user_id, first.user_id);
        const { body } = await again.rest.session(code);
        assert.equal(body.host_user_id, first.user_id);
        assert.equal((await again.rest.participants(code)).body.participants[0].name, 'Dora M.');
        await server.kill();
        await server.start();
        assert.equal((await signIn(server, again.token)).user_id, first.user_id);
    } finally {
        await server.finish();
    }
});

test('many at once: each account is one user, whoever of its tokens comes first, and all are there after a kill', async () => {
    const server = await Server.start(settings('ES256'));
    try {
        const names = Array.from({ length: 12 }, (_, i) => `person ${i}`);
        const seen = new Map(names.map((name) => [name, new Set()]));
        const visit = async (sub, i) => {
            const bearer = await good('ES256', { sub, name: `${sub}, ${i % 3}`, roles: i % 2 ? 'user' : 'guest' });
            if (i % 4 === 0) {
                const client = await Client.open(server);
                seen.get(sub).add((await client.ask({ type: 'auth', token: bearer }, 'authenticated')).user.user_id);
                await client.close();
            } else {
                seen.get(sub).add((await signIn(server, bearer)).user_id);
            }
        };
        const guests = names.map((name) => guest(server, name));
        await Promise.all(names.flatMap((name) => Array.from({ length: 6 }, (_, i) => visit(name, i))));
        await Promise.all(guests);
        for (const ids of seen.values()) assert.equal(ids.size, 1);
        assert.equal(new Set([...seen.values()].map((ids) => [...ids][0])).size, names.length);
        await server.kill();
        await server.start();
        await Promise.all(names.map((name) => visit(name, 1)));
        for (const ids of seen.values()) assert.equal(ids.size, 1);
    } finally {
        await server.finish();
    }
});

test('ids that are UUIDs are kept only where the configuration says so, and a guest is never taken over', async () => {
    const id = 'a5e2b1c0-0000-4000-8000-00000000000a';
    assert.notEqual((await signIn(servers.ES256, await good('ES256', { sub: id }))).user_id, id);
    const server = await Server.start(settings('ES256', { AUTH_JWT_KEEP_USER_IDS: 'true' }));
    try {
        const kept = await signIn(server, await good('ES256', { sub: id }));
        assert.equal(kept.user_id, id);
        assert.equal((await signIn(server, await good('ES256', { sub: 'ana' }))).user_id[14], '8');
        const ana = await signIn(server, await good('ES256', { sub: 'ana' }));
        assert.equal((await me(server, await good('ES256', { sub: ana.user_id, name: 'Mallory' }))).status, 401);
        const gus = await guest(server, 'Gus');
        assert.equal((await me(server, await good('ES256', { sub: gus.user_id, name: 'Mallory' }))).status, 401);
        assert.equal((await me(server, await good('ES256', { sub: gus.user_id.toUpperCase(), name: 'Mallory' }))).status, 401);
        assert.equal((await me(server, gus.token)).body.name, 'Gus');
        await server.stop();
        await server.start();
        assert.equal((await signIn(server, await good('ES256', { sub: 'ana' }))).user_id, ana.user_id);
        assert.notEqual((await signIn(servers.ES256, await good('ES256', { sub: 'ana' }))).user_id, ana.user_id, 'known by who has the sub');
        assert.equal((await me(server, await good('ES256', { sub: gus.user_id, name: 'Mallory' }))).status, 401);
        assert.equal((await me(server, gus.token)).body.name, 'Gus');
    } finally {
        await server.finish();
    }
});

test('claims are where the configuration says', async () => {
    const server = await Server.start(
        settings('ES256', {
            AUTH_JWT_USER_CLAIM: 'uid', AUTH_JWT_NAME_CLAIM: 'profile.nick', AUTH_JWT_ROLES_CLAIM: 'realm_access.roles',
            ROLES_VIEWER: 'syncplay.join',
        }),
    );
    try {
        const more = { uid: 'u1', profile: { nick: 'Nick' }, realm_access: { roles: ['viewer', 'other'] } };
        const { body } = await me(server, await good('ES256', more));
        assert.equal(body.name, 'Nick');
        assert.deepEqual(body.permissions, ['syncplay.join']);
        assert.equal((await me(server, await good('ES256'))).status, 401, 'sub is not the claim');
        // A key that holds the dot itself counts first.
        const both = { ...more, 'realm_access.roles': ['user'] };
        assert.equal((await me(server, await good('ES256', both))).body.permissions.length, 3);
    } finally {
        await server.finish();
    }
});

// --- Roles --------------------------------------------------------------------------------------------------------------

test('roles are permissions: as an array, as a text, unknown, none at all', async () => {
    const server = await Server.start(
        settings('ES256', {
            ROLES_VIEWER: 'syncplay.join', ROLES_MAKER: 'syncplay.create syncplay.join', ROLES_NOTHING: '',
            AUTH_DEFAULT_ROLE: 'nothing', AUTH_GUEST_ROLE: 'viewer',
        }),
    );
    try {
        const permissions = async (roles) => (await me(server, await good('ES256', { roles }))).body.permissions;
        assert.deepEqual(await permissions(['viewer']), ['syncplay.join']);
        assert.deepEqual(await permissions('viewer'), ['syncplay.join']);
        assert.deepEqual(await permissions('maker  viewer'), ['syncplay.create', 'syncplay.join']);
        assert.deepEqual(await permissions(['viewer', 'no maker']), ['syncplay.join'], 'a name in an array is one name');
        assert.deepEqual(await permissions(['viewer', 7, 'maker']), ['syncplay.create', 'syncplay.join']);
        assert.deepEqual(await permissions(['user']), ['syncplay.create', 'syncplay.join', 'syncplay.host_controls']);
        for (const roles of [['unknown'], [], undefined, 7, { viewer: true }, 'view', 'VIEWER']) assert.deepEqual(await permissions(roles), []);
        const gus = await guest(server, 'Gus');
        assert.deepEqual((await me(server, gus.token)).body.permissions, ['syncplay.join']);
    } finally {
        await server.finish();
    }
});

test('what a role does not permit is refused: making sessions, coming in, controlling', async () => {
    const server = await Server.start(
        settings('ES256', {
            ROLES_VIEWER: 'syncplay.join', ROLES_MAKER: 'syncplay.create', ROLES_NOTHING: '', AUTH_GUEST_ROLE: 'nothing',
        }),
    );
    try {
        const person = async (sub, roles) => signIn(server, await good('ES256', { sub, name: sub, roles }));
        const [vera, mia, noah, gus] = [await person('vera', 'viewer'), await person('mia', 'maker'), await person('noah', 'nothing'), await guest(server, 'Gus', { checker })];
        const forbidden = ({ status, body }, pattern) => {
            assert.equal(status, 403);
            assert.equal(body.code, 'forbidden');
            assert.match(body.detail, pattern);
        };
        for (const { rest } of [vera, noah, gus]) forbidden(await rest.sessions(FILM), /syncplay\.create/);
        const { code } = await party(mia);
        const other = await party(await person('otto', 'user'));
        for (const { rest } of [noah, gus]) forbidden(await rest.join(code), /syncplay\.join/);
        forbidden(await mia.rest.join(other.code), /syncplay\.join/);

        const watching = await Client.open(server, { token: vera.token });
        await watching.join(code);
        for (const message of [{ type: 'play' }, { type: 'seek', position_ms: 1000 }]) {
            const { code: refused, message: sentence } = await watching.refused(message);
            assert.equal(refused, 'forbidden');
            assert.match(sentence, /syncplay\.host_controls/);
        }
        const knocking = await Client.open(server, { token: noah.token });
        assert.equal((await knocking.refused({ type: 'join', session_code: code })).code, 'forbidden');
        // Who made a session is its host, and controls it; a token with another role changes what somebody may do.
        const hosting = await Client.open(server, { token: mia.token });
        await hosting.join(code);
        await hosting.ask({ type: 'seek', position_ms: 2000 }, 'command');
        await watching.next('command');
        await person('vera', 'user');
        await watching.ask({ type: 'seek', position_ms: 3000 }, 'command');
        for (const client of [watching, knocking, hosting]) await client.close();
    } finally {
        await server.finish();
    }
});

// --- Guests off ---------------------------------------------------------------------------------------------------------

test('without guests there are accounts only, and tokens of guests do not count any more', async () => {
    const server = await Server.start(settings('ES256'));
    try {
        const gus = await guest(server, 'Gus');
        await server.stop();
        server.settings.AUTH_GUESTS = 'false';
        await server.start();
        const refused = await new Rest(server, { checker }).request('POST', '/api/v1/users', { body: { name: 'Gus' } });
        assert.equal(refused.status, 403);
        assert.equal(refused.body.code, 'forbidden');
        assert.match(refused.body.detail, /no guests/);
        assert.equal((await me(server, gus.token)).status, 401);
        await assert.rejects(Client.open(server, { token: gus.token }), /401/);
        assert.equal((await me(server, await good('ES256'))).status, 200);
    } finally {
        await server.finish();
    }
});

// --- The end of a token -------------------------------------------------------------------------------------------------

test('a connection ends with its token; the seat stays, and a fresh token takes it again', async () => {
    const server = await Server.start(settings('ES256', { AUTH_JWT_LEEWAY: '0s' }));
    try {
        const ana = await signIn(server, await good('ES256'));
        const { code } = await party(ana);
        const ben = { sub: 'ben', name: 'Ben' };
        const byHeader = await Client.open(server, { token: await good('ES256', { ...ben, exp: now() + 2 }) });
        const byMessage = await Client.open(server);
        await byMessage.ask({ type: 'auth', token: await good('ES256', { sub: 'cleo', name: 'Cleo', exp: now() + 2 }) }, 'authenticated');
        await byHeader.join(code);
        await byMessage.join(code);
        for (const client of [byHeader, byMessage]) assert.deepEqual(await client.closed, { code: 1008, reason: 'the token has expired' });
        const { participants } = (await ana.rest.participants(code)).body;
        assert.equal(participants.find(({ name }) => name === 'Ben').is_connected, false);
        const again = await Client.open(server, { token: await good('ES256', ben), code });
        const state = await again.next('state', ({ you }) => you !== undefined);
        assert.equal(state.you.name, 'Ben');
        await again.close();
    } finally {
        await server.finish();
    }
});

// --- The README ---------------------------------------------------------------------------------------------------------

test("the README's example of accounts is true", async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const block = (name) => readme.match(new RegExp(`<!-- accounts: ${name} -->\n\`\`\`[a-z]+\n([^]*?)\`\`\``))[1];
    const [makeKeys, ...rest] = block('commands').split('\n\n');
    const server = new Server({});
    const shell = (commands) => execFileSync('sh', ['-euc', commands], { cwd: server.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    writeFileSync(join(server.folder, 'syncplay.yaml'), block('configuration'));
    shell(makeKeys);
    await server.start();
    try {
        const answer = shell(rest.join('\n').replace('http://127.0.0.1:8080', server.url));
        // The id is this server's own, made with its secret.
        const own = /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/;
        assert.equal(answer.trim().replace(own, 'ID'), block('answer').trim().replace(own, 'ID'));
    } finally {
        await server.finish();
    }
});

// --- Settings -----------------------------------------------------------------------------------------------------------

test('a configuration with which nobody could sign in, or anybody, is refused', async () => {
    const folder = servers.HS256.folder;
    const file = (name, text) => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
    };
    const publicPem = pairs.RS256.publicKey.export({ type: 'pkcs1', format: 'pem' });
    const privatePem = pairs.RS256.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const all = settings('RS256');
    const cases = [
        [{ AUTH_GUESTS: 'false' }, /nobody could sign in/],
        [{ AUTH_JWT_KEY: secret }, /auth\.jwt\.algorithm is empty/],
        [{ ...all, AUTH_JWT_KEY: '' }, /auth\.jwt\.key_file or auth\.jwt\.key is needed/],
        [{ ...all, AUTH_JWT_KEY_FILE: file('rsa.pem', keys.RS256) }, /are both set/],
        [{ ...all, AUTH_JWT_ISSUER: '' }, /auth\.jwt\.issuer is needed/],
        [{ ...all, AUTH_JWT_AUDIENCE: '' }, /auth\.jwt\.audience is needed/],
        [{ ...all, AUTH_JWT_ALGORITHM: 'none' }, /SYNCPLAY_AUTH_JWT_ALGORITHM must be empty, HS256, RS256 or ES256/],
        [{ ...all, AUTH_JWT_ALGORITHM: 'ES256' }, /P-256/],
        [{ ...all, AUTH_JWT_ALGORITHM: 'HS256' }, /is a PEM file/],
        [{ ...all, AUTH_JWT_KEY: keys.ES256 }, /RSA key of 2048/],
        [{ ...all, AUTH_JWT_KEY: privatePem }, /is a private key/],
        [{ ...all, AUTH_JWT_KEY: 'rubbish' }, /not a public key in PEM form/],
        [{ ...all, AUTH_JWT_KEY: '', AUTH_JWT_KEY_FILE: '/nowhere.pem' }, /nowhere\.pem: No such file/],
        [{ ...settings('HS256'), AUTH_JWT_KEY: 'x'.repeat(31) }, /32 bytes/],
        [{ ...settings('HS256'), AUTH_JWT_KEY: '', AUTH_JWT_KEY_FILE: file('short', `${'x'.repeat(31)}\n\n`) }, /32 bytes/],
        [{ AUTH_GUEST_ROLE: 'nobody' }, /auth\.guest_role is "nobody"/],
        [{ AUTH_DEFAULT_ROLE: 'nobody' }, /auth\.default_role is "nobody"/],
        [{ ROLES_VIEWER: 'syncplay.join,syncplay.fly' }, /not "syncplay\.fly"/],
    ];
    const prefixed = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [`SYNCPLAY_${name}`, value]));
    for (const [values, sentence] of cases) {
        for (const args of [['--check-config'], []]) {
            const { code, stderr } = await run(args, prefixed(values));
            assert.equal(code, 2, `${sentence}: ${stderr}`);
            assert.match(stderr, sentence);
            assert.ok(!stderr.includes(secret));
        }
    }
    const fine = [all, { ...all, AUTH_JWT_KEY: publicPem }, { ...all, AUTH_JWT_KEY: '', AUTH_JWT_KEY_FILE: file('rsa.pem', keys.RS256), AUTH_GUESTS: 'false' }];
    for (const values of fine) {
        const { code, stdout, stderr } = await run(['--check-config'], prefixed(values));
        assert.equal(code, 0, stderr);
        assert.ok(!stdout.includes('PUBLIC KEY'));
    }
    const help = await run(['--help'], prefixed(settings('HS256')));
    assert.equal(help.code, 0);
    assert.ok(!help.stdout.includes(secret));
});
