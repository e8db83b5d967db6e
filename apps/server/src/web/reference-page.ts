/** `GET /docs`: the OpenAPI document as a page for people, in both languages, without a script. Pure. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly 'x-line'?: Schema;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly 'x-zh': string;
  readonly 'x-en': string;
  readonly description: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema; readonly description?: string }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
}
interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const text = (value: unknown): string => String(value).replaceAll(/[&<>"]/g, (found) => ENTITIES[found] as string);
const code = (value: unknown): string => `<code>${text(value)}</code>`;
const lines = (value: string): string => text(value).replaceAll('\n', '<br>');

/** A schema in one line: `string`, `integer | null`, `[Order]`, `a | b | c`. */
function shapeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return nameLink(schema.$ref);
  if (schema['x-line'] !== undefined) return `NDJSON ${shapeOf(schema['x-line'])}`;
  if (schema.anyOf !== undefined) return schema.anyOf.map(shapeOf).join(' | ');
  if (schema.enum !== undefined) return schema.enum.map(code).join(' | ');
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.items !== undefined) return `[${shapeOf(schema.items)}]`;
  if (schema.properties !== undefined) return `{ ${Object.entries(schema.properties).map(fieldOf(schema)).join(', ')} }`;
  if (schema.patternProperties !== undefined) return `{ …: ${Object.values(schema.patternProperties).map(shapeOf).join(' | ')} }`;
  return text(schema.type ?? '任意 anything');
}
const nameLink = (ref: string): string => {
  const name = text(ref.split('/').at(-1));
  return `<a href="#schema-${name}">${name}</a>`;
};
const fieldOf =
  ({ required = [] }: Schema) =>
  ([name, inner]: readonly [string, Schema]): string =>
    `${code(name)}${required.includes(name) ? '' : '?'}: ${shapeOf(inner)}`;

const contentShape = (content: Content): string =>
  Object.entries(content)
    .map(([media, { schema }]) =>
      media === 'application/json' ? shapeOf(schema) : `${code(media)} ${schema['x-line'] ? shapeOf(schema) : ''}`,
    )
    .join('<br>');

function operationHtml(path: string, method: string, operation: Operation): string {
  const parameters = (operation.parameters ?? []).map(
    ({ name, in: place, schema, description }) =>
      `<tr><th>${text(place)}</th><td>${code(name)} ${shapeOf(schema)} ${text(description ?? schema.description ?? '')}</td></tr>`,
  );
  const body = operation.requestBody ? [`<tr><th>body</th><td>${contentShape(operation.requestBody.content)}</td></tr>`] : [];
  const answers = Object.entries(operation.responses).map(([status, { description, content }]) => {
    const isRefusal = 'application/problem+json' in content;
    return `<tr><th>${text(status)}</th><td>${isRefusal ? lines(description) : contentShape(content)}</td></tr>`;
  });
  return `<section id="${text(operation.operationId)}"><h3>${code(`${method.toUpperCase()} ${path}`)}</h3>
<p>${text(operation['x-zh'])}<br>${text(operation['x-en'])}</p><p class="who">${text(operation.description)}</p>
<table>${[...parameters, ...body, ...answers].join('\n')}</table></section>`;
}

function schemaHtml([name, schema]: readonly [string, Schema]): string {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(
    ([field, inner]) =>
      `<tr><th>${code(field)}${required.has(field) ? '' : '?'}</th><td>${shapeOf(inner)} ${text(inner.description ?? '')}</td></tr>`,
  );
  return `<section id="schema-${text(name)}"><h3>${text(name)}</h3><table>${rows.join('\n')}</table></section>`;
}

const STYLE = `body{font:15px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #d0d7de;padding:.3rem .6rem;text-align:left;vertical-align:top}
th{white-space:nowrap;font-weight:600}td{overflow-wrap:anywhere}code{background:#f2f4f6;padding:0 .25em}.who{color:#57606a}
nav a{margin-right:1rem}@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th,td{border-color:#30363d}code{background:#21262d}a{color:#79c0ff}.who{color:#9198a1}}`;

export function referencePage(document: object): string {
  const { info, tags, paths, components } = document as Document;
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const chapters = tags.map(({ name, description }) => {
    const own = all.filter(({ operation }) => operation.tags.includes(name));
    return `<h2 id="${text(name)}">${text(description)}</h2>${own.map((each) => operationHtml(each.path, each.method, each.operation)).join('\n')}`;
  });
  const links = [...tags.map(({ name, description }) => [name, description]), ['schemas', '数据结构 / Schemas']];
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${text(info.title)} API</title><style>${STYLE}</style></head><body>
<h1>${text(info.title)} API ${text(info.version)}</h1><p>${lines(info.description)}</p>
<p>给机器 / for machines: <a href="openapi.json">openapi.json</a></p>
<nav>${links.map(([name, words]) => `<a href="#${text(name)}">${text(words)}</a>`).join('')}</nav>
${chapters.join('\n')}
<h2 id="schemas">数据结构 / Schemas</h2>${Object.entries(components.schemas).map(schemaHtml).join('\n')}
</body></html>\n`;
}
