/**
 * Makes the committed OpenAPI document, so that a change of the API is seen in its diff, and the types that the SDK's client is checked
 * against. scripts/generate-docs.ts writes them.
 */
import { z } from 'zod';
import { describeInterface } from '../packages/api/src/http/openapi.ts';

const schemaShape = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  get oneOf() {
    return z.array(schemaShape).optional();
  },
  get anyOf() {
    return z.array(schemaShape).optional();
  },
  get allOf() {
    return z.array(schemaShape).optional();
  },
  get items() {
    return schemaShape.optional();
  },
  get properties() {
    return z.record(z.string(), schemaShape).optional();
  },
  required: z.array(z.string()).optional(),
  get additionalProperties() {
    return z.union([z.boolean(), schemaShape]).optional();
  },
});
type Schema = z.infer<typeof schemaShape>;

const media = z.record(z.string(), z.looseObject({ schema: schemaShape.optional() }));
const documentShape = z.looseObject({
  components: z.looseObject({ schemas: z.record(z.string(), schemaShape) }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        summary: z.string(),
        parameters: z
          .array(
            z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: schemaShape }),
          )
          .default([]),
        responses: z.record(z.string(), z.looseObject({ content: media.optional() })),
      }),
    ),
  ),
});

/** The type of what a schema takes. What only a pattern or a bound says is not in it. */
function renderType(schema: Schema): string {
  const { $ref, oneOf, anyOf, allOf } = schema;
  if ($ref !== undefined) return $ref.replace('#/components/schemas/', '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (oneOf ?? anyOf) return unique((oneOf ?? anyOf ?? []).map(renderType)).join(' | ');
  if (allOf) return allOf.map(renderType).join(' & ');
  if (Array.isArray(schema.type)) return unique(schema.type.map((type) => renderType({ ...schema, type }))).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `Array<${renderType(schema.items ?? {})}>`;
    case 'object':
      return renderObject(schema);
    default:
      return 'unknown';
  }
}

function renderObject({ properties, required = [], additionalProperties }: Schema): string {
  if (properties === undefined) {
    const member = typeof additionalProperties === 'object' ? renderType(additionalProperties) : 'unknown';
    return `{ [name: string]: ${member} }`;
  }
  const members = Object.entries(properties).map(([name, schema]) =>
    renderMember(name, renderType(schema), required.includes(name)),
  );
  return `{ ${members.join('; ')} }`;
}

function renderMember(name: string, type: string, isRequired: boolean): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  return isRequired ? `${key}: ${type}` : `${key}?: ${type} | undefined`;
}

function unique(types: readonly string[]): string[] {
  return [...new Set(types)];
}

/** packages/sdk/src/generated/interface.ts. */
function renderInterface(document: z.infer<typeof documentShape>): string {
  const types = Object.entries(document.components.schemas).map(
    ([name, schema]) => `export type ${name} = ${renderType(schema)};`,
  );
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );
  const named = operations.map(({ operationId, summary, parameters, responses }) => {
    const kind = (where: string) => {
      const members = parameters
        .filter((parameter) => parameter.in === where)
        .map(({ name, schema, required }) => renderMember(name, renderType(schema), required === true));
      return members.length === 0 ? 'Record<never, never>' : `{ ${members.join('; ')} }`;
    };
    const answers = Object.entries(responses)
      .filter(([status]) => status.startsWith('2'))
      .flatMap(([, { content = {} }]) => Object.values(content).map(({ schema = {} }) => renderType(schema)));
    const answer = unique(answers).join(' | ') || 'undefined';
    return `  /** ${summary}. */\n  ${operationId}: { path: ${kind('path')}; query: ${kind('query')}; answer: ${answer} };`;
  });
  const places = operations.map(({ operationId, path }) => `  ${operationId}: ${JSON.stringify(path)},`);
  return `/** The service's interface as docs/openapi.json has it. Made by scripts/generate-interface.ts; do not edit. */

${types.join('\n\n')}

/** What each operation takes and answers when all is well. */
export interface Operations {
${named.join('\n')}
}

/** Where each operation is. */
export const PATHS = {
${places.join('\n')}
} as const satisfies Record<keyof Operations, string>;
`;
}

/** docs/openapi.json and the types made of it. */
export function renderOpenApi(): { readonly document: string; readonly types: string } {
  const document: unknown = JSON.parse(JSON.stringify(describeInterface()));
  return { document: `${JSON.stringify(document, null, 2)}\n`, types: renderInterface(documentShape.parse(document)) };
}
