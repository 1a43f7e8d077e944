/** Route of a view; `id` opens one thing, `search` is a query or fragment such as `?reason=x`. */
export function routeOf(server: string, view: string, id?: string, search = ''): string {
  const parts = [server, view, ...(id === undefined ? [] : [id])];
  return `/${parts.map(encodeURIComponent).join('/')}${search}`;
}
