/** The interface about itself: its OpenAPI document, and a page to read it and try it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import { describeInterface } from '../openapi.ts';
import { getInterface } from './operations.ts';

/** Swagger UI from its npm package: nothing is loaded from another host. */
const DOCS_FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
};
const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>DPP Ledger: interface</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="interface"></div>
<noscript>The interface is described at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
const DOCS_START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#interface', deepLinking: true, validatorUrl: null, supportedSubmitMethods: ['get', 'post'] });
`;
/** Swagger UI styles its elements as it goes, and has its icons in the stylesheet. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function routeInterface(app: OpenAPIHono<BlankEnv>): void {
  const document = JSON.stringify(describeInterface());
  app.get(getInterface.getRoutingPath(), (c) =>
    c.body(document, 200, { 'content-type': 'application/json', 'cache-control': 'no-cache' }),
  );

  const require = createRequire(import.meta.url);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const read = (file: string) => {
    const bytes = files.get(file) ?? new Uint8Array(readFileSync(require.resolve(`swagger-ui-dist/${file}`)));
    files.set(file, bytes);
    return bytes;
  };
  const policy = { 'content-security-policy': DOCS_POLICY };
  app.get('/docs', (c) => c.html(DOCS_PAGE, 200, { ...policy, 'cache-control': 'no-cache' }));
  app.get('/docs/start.js', (c) =>
    c.body(DOCS_START, 200, { 'content-type': 'text/javascript', 'cache-control': 'no-cache' }),
  );
  for (const [file, type] of Object.entries(DOCS_FILES)) {
    app.get(`/docs/${file}`, (c) =>
      c.body(read(file), 200, { 'content-type': type, 'cache-control': 'public, max-age=86400' }),
    );
  }
}
