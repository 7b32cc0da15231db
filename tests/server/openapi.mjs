// Compares every answer of the server with server/openapi.yaml: what is not described there is a failure.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { root } from './server.mjs';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export class Checker {
    constructor(file = join(root, 'server', 'openapi.yaml')) {
        this.document = parse(readFileSync(file, 'utf8'));
        this.ajv = new Ajv2020.default({ strict: false, allErrors: true, validateSchema: false });
        formats.default(this.ajv);
        this.ajv.addSchema(this.document, 'openapi');
        this.compiled = new Map();
        this.paths = Object.keys(this.document.paths).map((path) => ({ path, pattern: this.pattern(path) }));
        // Plain paths first: they win over those with parameters.
        this.paths.sort((a, b) => a.path.includes('{') - b.path.includes('{'));
        this.called = new Map(); // operation -> statuses seen
    }

    pattern(path) {
        const base = new URL(this.document.servers?.[0]?.url ?? '/', 'http://server/').pathname.replace(/\/$/, '');
        const text = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{path\}/g, '.+').replace(/\{[^}]+\}/g, '[^/]+');
        return new RegExp(`^(?:${base})?${text}$`);
    }

    operations() {
        return Object.entries(this.document.paths).flatMap(([path, item]) =>
            METHODS.filter((method) => method in item).map((method) => `${method.toUpperCase()} ${path}`),
        );
    }

    // Follows a $ref within the document; returns the value and its JSON pointer.
    resolve(pointer) {
        const value = pointer.split('/').slice(1).reduce((at, part) => at?.[part.replace(/~1/g, '/').replace(/~0/g, '~')], this.document);
        return typeof value?.$ref === 'string' ? this.resolve(value.$ref.slice(1)) : { value, pointer };
    }

    check(method, url, { status, type, body }) {
        const path = url.split('?')[0];
        const match = this.paths.find(({ pattern }) => pattern.test(path));
        if (!match) return assert.equal(status, 404, `${method} ${path} is not in the document, but answered ${status}`);
        const verb = method === 'HEAD' ? 'get' : method.toLowerCase(); // answered alike, without the body
        const item = `/paths/${match.path.replace(/~/g, '~0').replace(/\//g, '~1')}`;
        if (!this.resolve(`${item}/${verb}`).value) {
            return assert.ok([404, 405].includes(status), `${method} ${path} is not in the document, but answered ${status}`);
        }
        const operation = `${verb.toUpperCase()} ${match.path}`;
        const where = `${operation} -> ${status}`;
        const exact = this.resolve(`${item}/${verb}/responses/${status}`);
        const response = exact.value ? exact : this.resolve(`${item}/${verb}/responses/default`);
        assert.ok(response.value, `${where} is not described`);
        this.called.set(operation, (this.called.get(operation) ?? new Set()).add(status));
        const content = response.value.content;
        if (!content) return assert.equal(body, '', `${where} has a body that is not described`);
        const media = type.split(';')[0];
        if (method === 'HEAD') return undefined;
        if ('*/*' in content) return undefined;
        assert.ok(media in content, `${where} is ${media || 'without a type'}, described is ${Object.keys(content)}`);
        if (method === 'HEAD') return undefined;
        const schema = `${response.pointer}/content/${media.replace(/\//g, '~1')}/schema`;
        if (!/json/.test(media) || !this.resolve(schema).value) return undefined;
        const validate = this.validator(schema);
        const isValid = validate(body);
        return assert.ok(isValid, `${where}: ${this.ajv.errorsText(validate.errors)}\n${JSON.stringify(body)}`);
    }

    validator(pointer) {
        const escaped = pointer.split('/').map(encodeURIComponent).join('/');
        if (!this.compiled.has(pointer)) this.compiled.set(pointer, this.ajv.compile({ $ref: `openapi#${escaped}` }));
        return this.compiled.get(pointer);
    }
}
