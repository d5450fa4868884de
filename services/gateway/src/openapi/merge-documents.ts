/** As much of an OpenAPI document as merging needs to know. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly tags?: readonly { readonly name: string }[];
  readonly [member: string]: unknown;
}

type PathItem = Readonly<Record<string, unknown>>;

export interface NamedDocument {
  readonly service: string;
  readonly document: OpenApiDocument;
}

/**
 * One document out of the services': all their /v1 paths; a component whose name stands for different things in two services
 * gets the later service's name in front. Operation ids are made unique the same way.
 */
export function mergeDocuments(info: OpenApiDocument['info'], parts: readonly NamedDocument[]): OpenApiDocument {
  const paths: Record<string, PathItem> = {};
  const components: Record<string, Record<string, unknown>> = {};
  const tags = new Map<string, { name: string }>();
  const operationIds = new Set<string>();
  for (const { service, document } of parts) {
    const renamed = takeComponents(components, service, document);
    for (const [path, item] of Object.entries(document.paths)) {
      if (!path.startsWith('/v1/')) continue;
      const own = withUniqueIds(rewriteReferences(item, renamed) as PathItem, service, operationIds);
      // Two services may answer different methods of one path.
      paths[path] = { ...paths[path], ...own };
    }
    for (const tag of document.tags ?? []) tags.set(tag.name, tag);
  }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    tags: [...tags.values()],
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components,
  };
}

/** Adds a service's components; answers which of its references have a new name. */
function takeComponents(
  components: Record<string, Record<string, unknown>>,
  service: string,
  { components: own = {} }: OpenApiDocument,
): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const [kind, named] of Object.entries(own))
    for (const [name, component] of Object.entries(named)) {
      const taken = components[kind]?.[name];
      if (taken !== undefined && !alike(taken, component) && kind !== 'securitySchemes')
        renamed.set(`#/components/${kind}/${name}`, `#/components/${kind}/${pascalCase(service)}${name}`);
    }
  for (const [kind, named] of Object.entries(own)) {
    const kept = (components[kind] ??= {});
    for (const [name, component] of Object.entries(named)) {
      const reference = `#/components/${kind}/${name}`;
      const newName = (renamed.get(reference) ?? reference).split('/').at(-1) ?? name;
      kept[newName] ??= rewriteReferences(component, renamed);
    }
  }
  return renamed;
}

// The services make their documents with the same code, so that what is alike is alike to the letter.
function alike(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function rewriteReferences(node: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(node)) return node.map((item) => rewriteReferences(item, renamed));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name,
      name === '$ref' && typeof value === 'string' ? (renamed.get(value) ?? value) : rewriteReferences(value, renamed),
    ]),
  );
}

function withUniqueIds(item: PathItem, service: string, taken: Set<string>): PathItem {
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]) => {
      const { operationId } = (operation ?? {}) as { operationId?: unknown };
      if (typeof operationId !== 'string') return [method, operation];
      const id = taken.has(operationId) ? `${pascalCase(service)}_${operationId}` : operationId;
      taken.add(id);
      return [method, { ...(operation as object), operationId: id }];
    }),
  );
}

function pascalCase(service: string): string {
  return service.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
