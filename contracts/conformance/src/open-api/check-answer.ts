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

/** A check of answers against the schemas of a document. */
export function createCheck(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  /** The faults of an answer against the document; none when it is as declared. */
  return (operation: string, status: number, body: unknown): string[] => {
    const [method = '', path = ''] = operation.split(' ');
    const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status)];
    const at = [...pointer, 'content', 'application/json', 'schema'].map(escaped).join('/');
    const validate = ajv.getSchema(`document#/${at}`);
    if (validate === undefined) return [`${operation} declares no JSON for ${status}`];
    if (validate(body) === true) return [];
    return [ajv.errorsText(validate.errors)];
  };
}

const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
