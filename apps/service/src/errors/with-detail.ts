/**
 * The message of an error with what is particular to this case. A detail that is no sentence, such as an ID or the
 * words of a network error, becomes one: `Details: 123.`.
 */
export function withDetail(message: string, detail = ''): string {
  const text = detail.trim();
  if (text === '') return message;
  return text.endsWith('.') ? `${message} ${text}` : `${message} Details: ${text}.`;
}
