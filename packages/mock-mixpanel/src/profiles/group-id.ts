/** The ID of a group's profile: its key and its ID. An ID alone may occur under several keys. */
export function groupIdOf(key: string, id: string): string {
  return `${key}\n${id}`;
}

export function groupOf(groupId: string): { group_key: string; group_id: string } {
  const end = groupId.indexOf('\n');
  return { group_key: groupId.slice(0, end), group_id: groupId.slice(end + 1) };
}
