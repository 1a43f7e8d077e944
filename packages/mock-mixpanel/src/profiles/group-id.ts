/** The id of a group's profile: its key and its id, which alone may be that of another key's. */
export function groupIdOf(key: string, id: string): string {
  return `${key}\n${id}`;
}

export function groupOf(groupId: string): { group_key: string; group_id: string } {
  const end = groupId.indexOf('\n');
  return { group_key: groupId.slice(0, end), group_id: groupId.slice(end + 1) };
}
