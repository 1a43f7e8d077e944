import type { openApiDocument } from '@braze-mixpanel/core/open-api';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export type Document = ReturnType<typeof openApiDocument>;

/** The operations of a document as `GET /path/{id}`. */
export function operationsOf({ paths = {} }: Document): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods ?? {}).map(method => `${method.toUpperCase()} ${path}`),
  );
}

/** A validator of answers against the schemas of a document. */
export function createCheck(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  /** The differences between an answer and the document; none if it is as declared. */
  return (operation: string, status: number, body: unknown): string[] => {
    const [method = '', path = ''] = operation.split(' ');
    const declared = operationAt(document, path, method)?.responses?.[status];
    if (declared !== undefined && !('content' in declared))
      return body === undefined ? [] : [`${operation} declares no body for ${status}`];
    const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status)];
    const at = [...pointer, 'content', 'application/json', 'schema'].map(escaped).join('/');
    const validate = ajv.getSchema(`document#/${at}`);
    if (validate === undefined) return [`${operation} declares no JSON for ${status}`];
    if (validate(body) === true) return [];
    return [ajv.errorsText(validate.errors)];
  };
}

function operationAt({ paths = {} }: Document, path: string, method: string) {
  return paths[path]?.[method.toLowerCase() as 'get' | 'post' | 'delete'];
}

const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** A request, and the operation and status that it exemplifies. */
export interface Step {
  readonly operation: string;
  readonly path: string;
  readonly status: number;
  readonly body?: unknown;
}

/**
 * Steps under a prefix, written as `POST /notes/7 200 /notes/{id}`. The last part names the operation if it
 * differs from the path.
 */
export function stepsUnder(prefix: string): (text: string, body?: unknown) => Step {
  return (text, body) => {
    const [method = '', path = '', status = '', template = path] = text.split(' ');
    const operation = `${method} ${prefix}${template.split('?')[0]}`;
    return { operation, path: prefix + path, status: Number(status), body };
  };
}

/** The declared media type of an answer without JSON: its body may never end. */
function streamAt(document: Document, operation: string, status: number): string | undefined {
  const [method = '', path = ''] = operation.split(' ');
  const declared = operationAt(document, path, method)?.responses?.[status];
  const types = declared !== undefined && 'content' in declared ? Object.keys(declared.content ?? {}) : [];
  return types.find(type => type !== 'application/json');
}

/** Makes the requests in sequence, and returns the differences between answers and document. */
export async function undeclared(
  document: Document,
  url: string,
  steps: readonly Step[],
  headers: Record<string, string> = {},
): Promise<string[]> {
  const check = createCheck(document);
  const faults: string[] = [];
  for (const { operation, path, status, body } of steps) {
    const response = await fetch(url + path, {
      method: operation.split(' ')[0]!,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const stream = streamAt(document, operation, status);
    const type = response.headers.get('content-type');
    if (stream !== undefined && type === stream) {
      await response.body?.cancel();
      continue;
    }
    const text = await response.text();
    const wrong =
      response.status === status && stream === undefined
        ? check(operation, status, text === '' ? undefined : JSON.parse(text))
        : [`${response.status} ${type} ${text}`];
    for (const fault of wrong) faults.push(`${operation} ${path}: ${fault}`);
  }
  return faults;
}
